import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Client } from '@temporalio/client';
import { addInboxRow } from '../../test/support/inbox-rows.ts';
import { install, openTestMirror, owner } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { waitUntil } from '../../test/support/wait-until.ts';
import { connectTestClient, startTestWorker } from '../../test/support/workflow-worker.ts';
import { createRetentionActivities } from '../activities/retention.ts';
import { retentionId, taskQueue } from '../domain/contract.ts';
import { ensureRetention } from '../worker/retention-schedule.ts';

let mirror: TestMirror;
let client: Client;

beforeAll(async () => {
  [mirror, client] = await Promise.all([openTestMirror(), connectTestClient()]);
}, 120_000);
afterAll(async () => {
  await client.schedule.getHandle(retentionId).delete();
  await Promise.all([client.connection.close(), mirror.close()]);
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
  const worker = await startTestWorker(activities, taskQueue);
  try {
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
  } finally {
    await worker.stop();
  }
}, 60_000);
