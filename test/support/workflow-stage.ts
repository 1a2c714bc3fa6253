import { randomBytes } from 'node:crypto';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { testTemporal, testWorkflowBundle } from './temporal.ts';

export interface StageWorker {
  /** Nobody else works on it. */
  readonly taskQueue: string;
  /** Resolves when what is under way has ended. */
  stop(): Promise<void>;
}

export interface WorkflowStage {
  readonly client: Client;
  /** Runs the real workflows on activities of the test's own. */
  startWorker(activities: object): Promise<StageWorker>;
  close(): Promise<void>;
}

/** 24 hexadecimal digits, as Clockify's ids are. */
export const newId = (): string => randomBytes(12).toString('hex');

/** For tests of one workflow: a client of the run's Temporal server, and workers. One for a test file. */
export async function openWorkflowStage(): Promise<WorkflowStage> {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  const [server, workflowBundle] = await Promise.all([testTemporal(), testWorkflowBundle()]);
  const client = new Client({ connection: await Connection.connect(server) });
  return {
    client,
    async startWorker(activities) {
      const taskQueue = `test-${newId()}`;
      const connection = await NativeConnection.connect(server);
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
    },
    close: () => client.connection.close(),
  };
}
