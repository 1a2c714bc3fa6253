import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { addDeliveries } from '../../test/support/due-deliveries.ts';
import { install, openTestMirror, owner, stranger } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { withWorkspace } from './orm.ts';
import {
  claimSleeping,
  claimSql,
  countWaitingDeliveries,
  fallAsleep,
  hopThroughIndex,
  keepAwake,
  releaseMailbox,
} from './mailboxes.ts';
import { query } from './sql.ts';

let mirror: TestMirror;
beforeAll(async () => {
  mirror = await openTestMirror();
});
afterAll(() => mirror.close());
beforeEach(async () => {
  await mirror.reset();
  await install(mirror.orm);
  await install(mirror.orm, stranger);
});

const claim = () => claimSleeping(mirror.orm);
const deliver = (ref = owner, dueInMs = 0) => addDeliveries(mirror, ref, [{ event: 'NEW_TAG', body: {}, dueInMs }]);
const letTimePass = (seconds: number) =>
  mirror.rows(`update mailboxes set awake_until = awake_until - $1::int * interval '1 second'`, [seconds]);
const awakeSeconds = async () => {
  const [row] = await mirror.rows(
    'select round(extract(epoch from awake_until - clock_timestamp()))::int as seconds from mailboxes',
  );
  return row?.['seconds'];
};

describe('a mailbox with a due delivery', () => {
  it('is taken once, by one of those who look at the same time', async () => {
    await deliver();
    await deliver(stranger);
    const claims = await Promise.all([claim(), claim(), claim()]);
    expect(claims.flat().toSorted((a, b) => (a.workspaceId < b.workspaceId ? -1 : 1))).toEqual([owner, stranger]);
    expect(await claim()).toEqual([]);
  });

  it('is taken again when nobody came in time, and each time later', async () => {
    await deliver();
    const waits = [];
    for (let round = 0; round < 3; round++) {
      await claim();
      waits.push(await awakeSeconds());
      await letTimePass(1_000);
    }
    expect(waits).toEqual([30, 60, 120]);
    await keepAwake(mirror.orm, owner);
    await letTimePass(31);
    await claim();
    expect(await awakeSeconds()).toBe(30);
  });

  it('is taken again at once when it could not be woken', async () => {
    await deliver();
    expect(await claim()).toEqual([owner]);
    await releaseMailbox(mirror.orm, owner);
    expect(await claim()).toEqual([owner]);
  });

  it('is left alone while somebody is at it, and as long as that one pauses', async () => {
    await keepAwake(mirror.orm, owner, 60_000);
    await deliver();
    expect(await claim()).toEqual([]);
    expect(await awakeSeconds()).toBe(90);
  });

  it.each(['inactive', 'delete_pending', 'suspect', 'superseded'])(
    'is left alone while the installation is %s',
    async (status) => {
      await deliver();
      await mirror.rows('update installations set status = $1 where workspace_id = $2', [status, owner.workspaceId]);
      expect(await claim()).toEqual([]);
    },
  );
});

describe('a mailbox without one', () => {
  it('is left alone, also when one will be due', async () => {
    await deliver(owner, 60_000);
    expect(await claim()).toEqual([]);
    expect(await fallAsleep(mirror.orm, owner)).toBe(true);
  });

  it('of an installation that is not there is not made', async () => {
    await keepAwake(mirror.orm, { ...owner, addonId: '0'.repeat(24) });
    expect(await mirror.rows('select from mailboxes')).toEqual([]);
  });
});

it('who leaves a mailbox is told of what came while it counted as awake', async () => {
  await keepAwake(mirror.orm, owner);
  await deliver();
  expect(await claim()).toEqual([]);
  expect(await fallAsleep(mirror.orm, owner)).toBe(false);
  expect(await claim()).toEqual([owner]);
});

it('what waits is counted over all workspaces, and nothing else of them is seen', async () => {
  await deliver();
  await deliver(stranger);
  await mirror.rows(`update webhook_events set state = 'processed' where workspace_id = $1`, [stranger.workspaceId]);
  expect(await countWaitingDeliveries(mirror.orm)).toBe(1);
  const relay = mirror.orm.em.fork({ session: { variables: { 'app.relay': 'on' } } });
  const seen = await relay.transactional((em) => query(em, 'select workspace_id from webhook_events'));
  expect(seen).toEqual([{ workspace_id: owner.workspaceId }]);
  await expect(
    relay.transactional((em) => query(em, `update webhook_events set state = 'processed' returning id`)),
  ).resolves.toEqual([]);
});

it('thousands of deliveries cost no more than the installations they are for', async () => {
  await mirror.rows(
    `insert into webhook_events (workspace_id, addon_id, event, body_hash, window_start, raw, headers, received_at,
       last_received_at, state, due_at)
     select case when n % 2 = 0 then $1 else $2 end, $3, 'NEW_TAG', int8send(n), now(), '', '{}', now(), now(),
       'received', now() from generate_series(1, 20000) n`,
    [owner.workspaceId, stranger.workspaceId, owner.addonId],
  );
  await mirror.rows('analyze webhook_events');
  const relay = mirror.orm.em.fork({ session: { variables: { 'app.relay': 'on' } } });
  const plan = await relay.transactional(async (em) => {
    await hopThroughIndex(em);
    return query<{ 'QUERY PLAN': string }>(em, `explain ${claimSql}`, [50, 1]);
  });
  const text = plan.map((line) => line['QUERY PLAN']).join('\n');
  expect(text).not.toMatch(/(Seq|Bitmap Heap) Scan on webhook_events/);
  expect(text).toMatch(/Index (Only )?Scan using webhook_events_due/);
  expect(await withWorkspace(mirror.orm, owner.workspaceId, (em) => query(em, 'show enable_sort'))).toEqual([
    { enable_sort: 'on' },
  ]);
});
