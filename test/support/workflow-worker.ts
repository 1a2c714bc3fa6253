import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { testTemporal, testWorkflowBundle } from './temporal.ts';

// Tests end workflows and activities that are under way; what the SDK says of those is no news.
const quiet = { logging: { filter: 'off', forward: {} } };
Runtime.install({ logger: new DefaultLogger('ERROR'), telemetryOptions: quiet });

export interface TestWorker {
  readonly taskQueue: string;
  /** Resolves when what is under way has ended. */
  stop(): Promise<void>;
}

/** 24 hexadecimal digits, as Clockify's ids are. */
export const newId = (): string => randomBytes(12).toString('hex');

/** A client of the run's Temporal server; close its connection. */
export const connectTestClient = async (): Promise<Client> =>
  new Client({ connection: await Connection.connect(await testTemporal()) });

/** Runs the real workflows on activities of the test's own, and unless told otherwise on a queue that is nobody else's. */
export async function startTestWorker(activities: object, taskQueue = `test-${newId()}`): Promise<TestWorker> {
  const [connection, workflowBundle] = await Promise.all([
    testTemporal().then((server) => NativeConnection.connect(server)),
    testWorkflowBundle(),
  ]);
  const worker = await Worker.create({ connection, taskQueue, workflowBundle, activities });
  const running = worker.run();
  return {
    taskQueue,
    async stop() {
      worker.shutdown();
      await running;
      await connection.close();
    },
  };
}
