import { setTimeout as sleep } from 'node:timers/promises';
import { Connection, isGrpcServiceError } from '@temporalio/client';
import { searchAttributes } from '../../src/domain/contract.ts';

const namespace = 'default';
const retentionSeconds = 30 * 24 * 60 * 60;
const keyword = 2;
/** gRPC. */
const alreadyExists = 6;

async function register({ workflowService, operatorService }: Connection): Promise<void> {
  try {
    const workflowExecutionRetentionPeriod = { seconds: retentionSeconds as never };
    await workflowService.registerNamespace({ namespace, workflowExecutionRetentionPeriod });
  } catch (error) {
    if (!isGrpcServiceError(error) || (error.code as number) !== alreadyExists) throw error;
  }
  const { customAttributes } = await operatorService.listSearchAttributes({ namespace });
  const missing = searchAttributes.filter((name) => !(name in customAttributes));
  if (missing.length === 0) return;
  await operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map((name) => [name, keyword])),
  });
}

/**
 * Waits for a server that is starting, and makes the namespace and the search attributes our workflows carry, where
 * they are missing. Finished workflows are kept for 30 days. Throws when the server is not ready in time.
 */
export async function prepareNamespace(address: string, limitMs = 60_000): Promise<void> {
  for (const until = Date.now() + limitMs; ; await sleep(250)) {
    const connection = Connection.lazy({ address });
    try {
      return await connection.withDeadline(Date.now() + 5000, () => register(connection));
    } catch (error) {
      if (Date.now() > until) throw new Error(`Temporal does not answer at ${address}`, { cause: error });
    } finally {
      await connection.close();
    }
  }
}
