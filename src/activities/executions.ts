import { setTimeout as sleep } from 'node:timers/promises';
import { activityInfo, cancellationSignal, getClient, heartbeat } from '@temporalio/activity';
import type { Client } from '@temporalio/client';
import { isGrpcServiceError } from '@temporalio/client';
import type { InstallationRef } from '../domain/contract.ts';
import { unscheduleRefresh } from './refresh-schedule.ts';

export interface ForgetInput extends InstallationRef {
  /** Whether the workflow that asks goes as well: then nothing after this is heard of it. */
  readonly isLast: boolean;
}

interface Execution {
  readonly workflowId: string;
  readonly runId: string;
}

const pauseMs = 250;

/**
 * Ends and deletes what Temporal keeps of an installation: its schedule, and its runs with inputs and histories. Deleting takes effect a moment
 * later, so it goes on until the list is empty.
 */
export async function forgetExecutions({ isLast, ...ref }: ForgetInput): Promise<void> {
  await unscheduleRefresh(ref);
  const client = getClient();
  const own = activityInfo().workflowExecution;
  for (;;) {
    const others = (await list(client, ref)).filter(({ runId }) => runId !== own?.runId);
    if (others.length === 0) break;
    await Promise.all(others.map((execution) => forget(client, execution)));
    heartbeat();
    await sleep(pauseMs, undefined, { signal: cancellationSignal() });
  }
  if (isLast && own !== undefined) await forget(client, own);
}

const batchSize = 200;

/** Ids are hexadecimal, but for the mark of personal ones, so they cannot end the quotes. */
async function list(client: Client, { workspaceId, addonId }: InstallationRef): Promise<Execution[]> {
  const query = `WorkspaceId = '${workspaceId}' AND AddonId = '${addonId}'`;
  const { executions } = await client.workflowService.listWorkflowExecutions({
    namespace: client.options.namespace,
    query,
    pageSize: batchSize,
  });
  return executions.map(({ execution }) => ({
    workflowId: execution?.workflowId ?? '',
    runId: execution?.runId ?? '',
  }));
}

const notFound = 5;

async function forget(client: Client, workflowExecution: Execution): Promise<void> {
  try {
    const { namespace } = client.options;
    await client.workflowService.deleteWorkflowExecution({ namespace, workflowExecution });
  } catch (error) {
    if (!isGrpcServiceError(error) || error.code !== notFound) throw error;
  }
}
