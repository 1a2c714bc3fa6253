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

interface Parts {
  readonly diagnoseInstallation?: () => Promise<void>;
  readonly checkWebhooks?: () => Promise<string>;
}

/** An install on an installation that is active at once and wants no copy, with these parts. */
async function install(
  { diagnoseInstallation = () => Promise.resolve(), checkWebhooks = () => Promise.resolve('- **tags**: push.') }: Parts,
  steer: (install: WorkflowHandle, done: readonly string[]) => Promise<void> = () => Promise.resolve(),
): Promise<{ done: string[]; result: unknown; details: string }> {
  const taskQueue = `self-test-${randomBytes(6).toString('hex')}`;
  const done: string[] = [];
  const activities = {
    activateInstallation: async () => (done.push('activate'), { isActive: true, superseded: [] }),
    adoptSettings: async () => (done.push('adopt'), { autoBootstrap: false, timeEntryDays: null }),
    checkWebhooks: () => (done.push('webhooks'), checkWebhooks()),
    diagnoseInstallation: () => (done.push('diagnose'), diagnoseInstallation()),
    scheduleRefresh: async () => void done.push('schedule'),
  };
  const workflowBundle = await testWorkflowBundle();
  const worker = await Worker.create({ connection, taskQueue, workflowBundle, activities, shutdownForceTime: '1s' });
  return worker.runUntil(async () => {
    const args = [{ workspaceId: taskQueue, addonId: 'addon', requestId: 'r' }];
    const handle = await client.workflow.start('installWorkflow', { taskQueue, workflowId: taskQueue, args });
    await steer(handle, done);
    const result: unknown = await handle.result().catch((error: unknown) => error);
    const { currentDetails: details } = await handle.query<{ currentDetails: string }>('__temporal_workflow_metadata');
    return { done, result, details };
  });
}

it('an install registers webhooks and tests itself once its settings are known, tells how changes arrive, and is kept fresh', async () => {
  const { done, result, details } = await install({});
  expect(done).toEqual(['activate', 'adopt', 'webhooks', 'diagnose', 'schedule']);
  expect(result).toBe('Installed. No copy starts by itself.');
  expect(details).toBe('Installed. No copy starts by itself.\n\n- **tags**: push.');
}, 30_000);

it('an install goes on when its webhooks could not be checked, after three tries', async () => {
  const { done, result, details } = await install({
    checkWebhooks: () => Promise.reject(new Error('the database is away')),
  });
  expect(done).toEqual(['activate', 'adopt', 'webhooks', 'webhooks', 'webhooks', 'diagnose', 'schedule']);
  expect(result).toMatch(/^Installed\./);
  expect(details).toBe(result);
}, 30_000);

it('an install goes on when its self-test fails, and does not repeat it', async () => {
  const { done, result } = await install({
    diagnoseInstallation: () => Promise.reject(new Error('the database is away')),
  });
  expect(done).toEqual(['activate', 'adopt', 'webhooks', 'diagnose', 'schedule']);
  expect(result).toMatch(/^Installed\./);
}, 30_000);

it('an install that is cancelled does not wait for its self-test', async () => {
  let end = (): void => {};
  const { result } = await install(
    { diagnoseInstallation: () => new Promise((resolve) => (end = resolve)) },
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
