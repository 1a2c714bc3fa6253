import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Client, Connection, WorkflowFailedError } from '@temporalio/client';
import type { WorkflowHandle } from '@temporalio/client';
import { CancelledFailure } from '@temporalio/common';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { testTemporal, testWorkflowBundle } from './support/temporal.ts';
import { waitUntil } from './support/wait-until.ts';

let client: Client;
let connection: NativeConnection;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  client = new Client({ connection: await Connection.connect(await testTemporal()) });
  connection = await NativeConnection.connect(await testTemporal());
});
afterAll(async () => {
  await client.connection.close();
  await connection.close();
});

/** An install on an installation that is active at once and wants no copy, with this self-test. */
async function install(
  diagnoseInstallation: () => Promise<void>,
  steer: (install: WorkflowHandle, done: readonly string[]) => Promise<void> = () => Promise.resolve(),
): Promise<{ done: string[]; result: unknown }> {
  const taskQueue = `self-test-${randomBytes(6).toString('hex')}`;
  const done: string[] = [];
  const activities = {
    activateInstallation: async () => (done.push('activate'), { isActive: true, superseded: [] }),
    adoptSettings: async () => (done.push('adopt'), { autoBootstrap: false, timeEntryDays: null }),
    diagnoseInstallation: () => (done.push('diagnose'), diagnoseInstallation()),
  };
  const workflowBundle = await testWorkflowBundle();
  const worker = await Worker.create({ connection, taskQueue, workflowBundle, activities, shutdownForceTime: '1s' });
  const result = await worker.runUntil(async () => {
    const args = [{ workspaceId: taskQueue, addonId: 'addon', requestId: 'r' }];
    const handle = await client.workflow.start('installWorkflow', { taskQueue, workflowId: taskQueue, args });
    await steer(handle, done);
    return handle.result().catch((error: unknown) => error);
  });
  return { done, result };
}

it('an install tests itself once its settings are known', async () => {
  const { done, result } = await install(() => Promise.resolve());
  expect(done).toEqual(['activate', 'adopt', 'diagnose']);
  expect(result).toMatch(/^Installed\./);
}, 30_000);

it('an install goes on when its self-test fails, and does not repeat it', async () => {
  const { done, result } = await install(() => Promise.reject(new Error('the database is away')));
  expect(done).toEqual(['activate', 'adopt', 'diagnose']);
  expect(result).toMatch(/^Installed\./);
}, 30_000);

it('an install that is cancelled does not wait for its self-test', async () => {
  let end = (): void => {};
  const { result } = await install(
    () => new Promise((resolve) => (end = resolve)),
    async (handle, done) => {
      await waitUntil(() => done.includes('diagnose'));
      await handle.cancel();
      await handle.result().catch(() => undefined);
      end();
    },
  );
  expect(result).toBeInstanceOf(WorkflowFailedError);
  expect((result as WorkflowFailedError).cause).toBeInstanceOf(CancelledFailure);
}, 30_000);
