import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Client, Connection } from '@temporalio/client';
import { DefaultLogger, NativeConnection, Runtime, Worker } from '@temporalio/worker';
import { addInboxRow } from '../../test/support/inbox-rows.ts';
import { install, openTestMirror, owner } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { testTemporal, testWorkflowBundle } from '../../test/support/temporal.ts';
import { waitUntil } from '../../test/support/wait-until.ts';
import { createRetentionActivities } from '../activities/retention.ts';
import { retentionId, taskQueue } from '../domain/contract.ts';
import { ensureRetention } from '../worker/retention-schedule.ts';

let mirror: TestMirror;
let client: Client;
let connection: NativeConnection;

beforeAll(async () => {
  Runtime.install({ logger: new DefaultLogger('ERROR') });
  [mirror, client, connection] = await Promise.all([
    openTestMirror(),
    testTemporal().then(async (server) => new Client({ connection: await Connection.connect(server) })),
    testTemporal().then((server) => NativeConnection.connect(server)),
  ]);
}, 120_000);
afterAll(async () => {
  await client.schedule.getHandle(retentionId).delete();
  await Promise.all([client.connection.close(), connection.close(), mirror.close()]);
});

test('every night what is too old is deleted and counted, by one schedule however many workers start', async () => {
  await install(mirror.orm);
  await addInboxRow(mirror, owner, { receivedAt: `now() - interval '91 days'` });
  const counted: number[] = [];
  const activities = createRetentionActivities({
    orm: mirror.orm,
    days: 90,
    onPurged: (count) => counted.push(count),
  });
  const worker = await Worker.create({
    connection,
    taskQueue,
    workflowBundle: await testWorkflowBundle(),
    activities,
  });

  await worker.runUntil(async () => {
    await Promise.all([ensureRetention(client), ensureRetention(client)]);
    const schedule = client.schedule.getHandle(retentionId);
    const { spec, policies } = await schedule.describe();
    expect(spec.calendars).toMatchObject([{ hour: [{ start: 3 }], minute: [{ start: 17 }] }]);
    expect(policies).toMatchObject({ overlap: 'SKIP', catchupWindow: 86_400_000 });
    await schedule.trigger();
    const started = async () => (await schedule.describe()).info.recentActions[0]?.action.workflow;
    await waitUntil(async () => (await started()) !== undefined, 20_000);
    const { workflowId = '', firstExecutionRunId } = (await started()) ?? {};
    const result = await client.workflow.getHandle(workflowId, firstExecutionRunId).result();
    expect([result, counted]).toEqual(['Deliveries deleted: 1.', [1]]);
  });
}, 60_000);
