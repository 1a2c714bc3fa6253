import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { addInboxRow } from '../../test/support/inbox-rows.ts';
import { install, openTestMirror, owner, stranger } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { deliveryStates } from '../domain/inbox.ts';
import { purgeOldDeliveries } from './webhook-retention.ts';

let mirror: TestMirror;
beforeAll(async () => {
  mirror = await openTestMirror();
});
afterAll(() => mirror.close());
beforeEach(async () => {
  await mirror.reset();
  for (const ref of [owner, stranger]) await install(mirror.orm, ref);
});

const ago = (days: number) => ({ receivedAt: `now() - interval '${days} days'` });
const left = async () => (await mirror.rows('select id::text from webhook_events order by id')).map(({ id }) => id);

test('a delivery of day 91 is gone, one of day 89 is there, of every installation', async () => {
  const kept = [];
  for (const ref of [owner, stranger]) {
    await addInboxRow(mirror, ref, ago(91));
    kept.push(await addInboxRow(mirror, ref, ago(89)));
  }
  await purgeOldDeliveries(mirror.orm, { days: 90 });
  expect(await left()).toEqual(kept);
});

test('the days are those of the setting', async () => {
  await addInboxRow(mirror, owner, ago(31));
  const kept = await addInboxRow(mirror, owner, ago(29));
  await purgeOldDeliveries(mirror.orm, { days: 30 });
  expect(await left()).toEqual([kept]);
});

test('no state keeps a delivery, and no transaction deletes more than a batch', async () => {
  for (const state of [...deliveryStates, 'processed', 'processed'] as const)
    await addInboxRow(mirror, owner, { ...ago(91), state });
  const batches: number[] = [];
  await purgeOldDeliveries(mirror.orm, { days: 90, batchSize: 2, onBatch: (deleted) => batches.push(deleted) });
  expect([batches, await left()]).toEqual([[1, 2, 1, 1, 1], []]);
});

test('what a delivery changed in the mirror stays, with its versions', async () => {
  await addInboxRow(mirror, owner, { ...ago(91), entity: ['tags', 'tag-1'] });
  await mirror.rows(
    `insert into workspace_data (workspace_id, entity_type, entity_id, payload, hash, version, observed_at, changed_at)
     values ($1, 'tags', 'tag-1', '{}', 'h', 1, now(), now())`,
    [owner.workspaceId],
  );
  await mirror.rows(`update workspace_data set version = 2`);
  const mirrored = () =>
    mirror.rows('select version from workspace_data union all select version from entity_versions');
  const before = await mirrored();
  await purgeOldDeliveries(mirror.orm, { days: 90 });
  expect([before.length, await mirrored(), await left()]).toEqual([2, before, []]);
});

test('what was kept aside for an hour goes as well', async () => {
  for (const [hash, age] of [
    ['old', '61 minutes'],
    ['new', '59 minutes'],
  ])
    await mirror.rows(
      `insert into early_webhooks (workspace_id, addon_id, path, token_digest, body_hash, event, raw, headers, state,
         received_at, last_received_at)
       values ('w9', 'a9', '/x', 'd', $1, 'NEW_TAG', '', '{}', 'received', now() - $2::interval, now())`,
      [hash, age],
    );
  await purgeOldDeliveries(mirror.orm, { days: 90 });
  expect(await mirror.rows(`select convert_from(body_hash, 'UTF8') as hash from early_webhooks`)).toEqual([
    { hash: 'new' },
  ]);
});
