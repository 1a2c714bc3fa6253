import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { MikroORM } from '@mikro-orm/postgresql';
import { install, openTestMirror, owner, stranger } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { createOrm } from './orm.ts';
import { recordRecovery, recordRefusal, takeSlot } from './rate-limit.ts';
import type { Slot, SlotRequest } from './rate-limit.ts';

const { workspaceId } = owner;
const hourMs = 3_600_000;

let mirror: TestMirror;
/** Another process, as far as the database can tell. */
let neighbour: MikroORM;
beforeAll(async () => {
  mirror = await openTestMirror();
  neighbour = createOrm(mirror.url);
});
afterAll(async () => {
  await neighbour.close();
  await mirror.close();
});
beforeEach(() => mirror.reset());

const take = (request: Partial<SlotRequest> = {}, orm = mirror.orm): Promise<Slot> =>
  takeSlot(orm, { workspaceId, requestsPerSecond: 48, hourlyLimit: null, maxWaitMs: 60_000, answered: [], ...request });
const takeMany = (count: number, request: Partial<SlotRequest> = {}): Promise<Slot[]> =>
  Promise.all(Array.from({ length: count }, (_, index) => take(request, index % 2 === 0 ? mirror.orm : neighbour)));
const refuse = (slotAt: string, retryAfterMs: number | null = null) =>
  recordRefusal(mirror.orm, { workspaceId, slotAt, retryAfterMs });

/** Moves the budget into the past, as if nobody had asked for so long. */
const pass = (milliseconds: number) =>
  mirror.rows(
    `update rate_limits set next_slot_at = next_slot_at - $1 * interval '1 ms',
       hour_started_at = hour_started_at - $1 * interval '1 ms', paused_until = paused_until - $1 * interval '1 ms',
       answered_at = array(select one - $1 * interval '1 ms' from unnest(answered_at) one),
       recent_grants = array(select one - $1 * interval '1 ms' from unnest(recent_grants) one)`,
    [milliseconds],
  );
/** Microseconds between consecutive slots. */
async function gapsBetween(slots: readonly Slot[]): Promise<number[]> {
  const rows = await mirror.rows(
    `select (extract(epoch from slot - lag(slot) over (order by slot)) * 1e6)::int as gap
     from unnest($1::timestamptz[]) slot order by slot`,
    [slots.map(({ slotAt }) => slotAt)],
  );
  return rows.slice(1).map(({ gap }) => Number(gap));
}
const budget = async () => {
  const [row] = await mirror.rows(
    `select refusals, hourly_limit, cardinality(recent_grants) as grants, hour_grants,
       (extract(epoch from next_slot_at - clock_timestamp()) * 1000)::float8 as pause from rate_limits`,
  );
  return row;
};
const expectPause = async (milliseconds: number) => {
  const { pause } = (await budget()) as { pause: number };
  expect(pause).toBeLessThanOrEqual(milliseconds);
  expect(pause).toBeGreaterThan(milliseconds - 5_000);
};

describe('slots', () => {
  it('begin at once', async () => {
    expect(await take()).toMatchObject({ granted: true, waitMs: 0, refusals: 0 });
  });

  it('taken at once by two processes are an interval apart', async () => {
    const slots = await takeMany(60, { requestsPerSecond: 40 });
    const gaps = await gapsBetween(slots);
    expect(gaps).toHaveLength(59);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(25_000);
  });

  it('of callers with different rates keep the interval of the caller before', async () => {
    const first = await take({ requestsPerSecond: 1 });
    const second = await take({ requestsPerSecond: 50 });
    expect((await gapsBetween([first, second]))[0]).toBeGreaterThanOrEqual(1_000_000);
  });

  it('of another workspace are not counted', async () => {
    await take({ requestsPerSecond: 1 });
    expect(await take({ workspaceId: stranger.workspaceId })).toMatchObject({ waitMs: 0 });
  });

  it('are not saved up while nobody asks', async () => {
    await take();
    await pass(hourMs);
    const gaps = await gapsBetween(await takeMany(10, { requestsPerSecond: 40 }));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(25_000);
  });

  it('further away than the caller waits are not taken, and told', async () => {
    await take({ requestsPerSecond: 1 });
    await refuse((await take({ requestsPerSecond: 1 })).slotAt, 60_000);
    const before = await budget();
    const { granted, waitMs } = await take({ maxWaitMs: 5_000 });
    expect(granted).toBe(false);
    expect(waitMs).toBeGreaterThan(50_000);
    expect(await budget()).toMatchObject({ hour_grants: before?.['hour_grants'] });
    expect(await take({ maxWaitMs: 61_000 })).toMatchObject({ granted: true });
  });
});

describe('the fifty requests that Clockify takes in a second', () => {
  const burst = { requestsPerSecond: 10_000 };
  const numbersOf = (slots: readonly Slot[]) => slots.map(({ number }) => number);

  it('are numbered in the order of their slots', async () => {
    const slots = await takeMany(20, burst);
    const inOrder = slots.toSorted((a, b) => (a.slotAt < b.slotAt ? -1 : 1));
    expect(numbersOf(inOrder)).toEqual(Array.from({ length: 20 }, (_, index) => String(index + 1)));
  });

  it('may leave as fast as the caller wants, and the next one a second later', async () => {
    const slots = await takeMany(50, burst);
    expect(Math.max(...slots.map(({ waitMs }) => waitMs))).toBeLessThan(1_000);
    expect((await take(burst)).waitMs).toBeGreaterThanOrEqual(1_000);
  });

  it('free their places a second after their answers were reported', async () => {
    const slots = await takeMany(50, burst);
    await pass(60_000);
    const [first, second] = numbersOf(slots).toSorted((a, b) => Number(a) - Number(b));
    expect((await take({ ...burst, answered: [first ?? '', second ?? ''] })).waitMs).toBeGreaterThanOrEqual(1_000);
    await pass(60_000);
    expect(await take(burst)).toMatchObject({ waitMs: 0 });
  });

  it('hold their places while they are on their way, however long that takes', async () => {
    await takeMany(50, burst);
    await pass(60_000);
    expect((await take(burst)).waitMs).toBeGreaterThanOrEqual(1_000);
  });

  it('are reported also by a call that gets no slot', async () => {
    const slots = await takeMany(50, burst);
    expect(await take({ maxWaitMs: 1, answered: numbersOf(slots) })).toMatchObject({ granted: false });
    await pass(60_000);
    expect(await take(burst)).toMatchObject({ waitMs: 0 });
  });

  it('are known by their numbers: an answer to an older request frees nothing', async () => {
    const [first] = numbersOf(await takeMany(1, burst));
    await takeMany(99, burst);
    await pass(60_000);
    await take({ ...burst, maxWaitMs: 1, answered: [first ?? ''] });
    await pass(60_000);
    expect((await take(burst)).waitMs).toBeGreaterThanOrEqual(1_000);
  });
});

describe('an hourly limit', () => {
  it('is kept exactly, also by takers at once', async () => {
    const slots = await takeMany(40, { hourlyLimit: 30, maxWaitMs: 1_000 });
    expect(slots.filter(({ granted }) => granted)).toHaveLength(30);
  });

  it('gives a slot an hour after the grant it replaces', async () => {
    const slots = await takeMany(3, { hourlyLimit: 3 });
    const fourth = await take({ hourlyLimit: 3, maxWaitMs: 2 * hourMs });
    const [first] = slots.map(({ slotAt }) => slotAt).sort();
    const [gap] = await mirror.rows(`select $1::timestamptz - $2::timestamptz = interval '1 hour' as exact`, [
      fourth.slotAt,
      first,
    ]);
    expect(gap).toEqual({ exact: true });
  });

  it('frees grants as they grow old, one by one', async () => {
    await takeMany(2, { hourlyLimit: 3 });
    await pass(hourMs / 2);
    await take({ hourlyLimit: 3 });
    expect(await take({ hourlyLimit: 3 })).toMatchObject({ granted: false });
    await pass(hourMs / 2 + 1_000);
    const later = await takeMany(3, { hourlyLimit: 3 });
    expect(later.filter(({ granted }) => granted)).toHaveLength(2);
  });

  it('that was lowered counts the newest grants', async () => {
    await takeMany(5, { hourlyLimit: 5 });
    expect(await take({ hourlyLimit: 2 })).toMatchObject({ granted: false });
    await pass(hourMs + 1_000);
    const slots = await takeMany(4, { hourlyLimit: 2 });
    expect(slots.filter(({ granted }) => granted)).toHaveLength(2);
  });
});

describe('a refusal', () => {
  it.each([
    [30_000, 30_000],
    [3_600_000, 900_000],
  ])('that asks for %i ms pauses everybody for %i ms', async (retryAfterMs, pause) => {
    await refuse((await take()).slotAt, retryAfterMs);
    await expectPause(pause);
    expect(await budget()).toMatchObject({ refusals: 1 });
  });

  it('without a time pauses for one second, then twice as long each time, at most a quarter of an hour', async () => {
    for (let seconds = 1; seconds <= 2_048; seconds *= 2) {
      const { slotAt } = await take({ maxWaitMs: hourMs });
      await refuse(slotAt);
      await expectPause(Math.min(seconds, 900) * 1_000);
      await pass(901_000);
    }
  });

  it('never moves the next slot closer', async () => {
    const { slotAt } = await take();
    await refuse(slotAt, 60_000);
    await mirror.rows('update rate_limits set paused_until = null');
    await refuse(slotAt, 1_000);
    await expectPause(60_000);
  });

  it('of calls that were already on their way counts once', async () => {
    const slots = await takeMany(8);
    await Promise.all(slots.map(({ slotAt }) => refuse(slotAt)));
    expect(await budget()).toMatchObject({ refusals: 1 });
    await expectPause(1_000);
  });

  it('of calls that wait for their slots, taken before the pause, does not count either', async () => {
    const slots = await takeMany(8, { requestsPerSecond: 20 });
    const inOrder = slots.map(({ slotAt }) => slotAt).sort();
    for (const slotAt of inOrder) await refuse(slotAt);
    expect(await budget()).toMatchObject({ refusals: 1 });
  });

  it('of the first call after the pause counts again', async () => {
    await refuse((await take()).slotAt, 10_000);
    const after = await take();
    await refuse(after.slotAt);
    expect(await budget()).toMatchObject({ refusals: 2 });
  });

  it('slows down to one slot a second until an answer is good', async () => {
    await refuse((await take()).slotAt);
    const slow = await gapsBetween(await takeMany(4));
    expect(Math.min(...slow)).toBeGreaterThanOrEqual(1_000_000);
    expect(await take()).toMatchObject({ refusals: 1 });
    await recordRecovery(mirror.orm, workspaceId);
    const [, ...fast] = await gapsBetween(await takeMany(4));
    expect(Math.max(...fast)).toBeLessThan(1_000_000);
    expect(await take()).toMatchObject({ refusals: 0 });
  });

  it('does not touch another workspace', async () => {
    const { slotAt } = await take();
    await take({ workspaceId: stranger.workspaceId });
    await refuse(slotAt, 60_000);
    expect(await take({ workspaceId: stranger.workspaceId })).toMatchObject({ refusals: 0 });
  });

  it('of a workspace without a budget is ignored', async () => {
    await refuse(new Date().toISOString());
    expect(await budget()).toBeUndefined();
  });
});

describe('the quota of new FREE workspaces', () => {
  const setPlan = async (plan: string | null) => {
    await install(mirror.orm);
    await mirror.rows('update installations set plan = $1', [plan]);
  };

  it('is learned from a refusal right after thirty grants, and holds at once', async () => {
    await setPlan('FREE');
    const slots = await takeMany(31);
    await refuse(
      slots
        .map(({ slotAt }) => slotAt)
        .sort()
        .at(-1) ?? '',
    );
    expect(await budget()).toMatchObject({ hourly_limit: 30, grants: 30 });
    const next = await take();
    expect(next.granted).toBe(false);
    expect(next.waitMs).toBeGreaterThan(hourMs - 60_000);
  });

  it.each<[string, string | null, number]>([
    ['on another plan', 'PRO', 31],
    ['while the plan is unknown', null, 31],
    ['after fewer grants', 'FREE', 29],
    ['after more grants', 'FREE', 41],
  ])('is not learned %s', async (_, plan, grants) => {
    await setPlan(plan);
    const slots = await takeMany(grants);
    await refuse(slots[0]?.slotAt ?? '');
    expect(await budget()).toMatchObject({ hourly_limit: null, refusals: 1 });
  });

  it('is not learned from grants of the hour before', async () => {
    await setPlan('FREE');
    await takeMany(30);
    await pass(hourMs + 1_000);
    await refuse((await take()).slotAt);
    expect(await budget()).toMatchObject({ hourly_limit: null, hour_grants: 1 });
  });

  it('counts together with a configured limit: the lower one holds', async () => {
    await take();
    await mirror.rows('update rate_limits set hourly_limit = 5');
    const slots = await takeMany(8, { hourlyLimit: 6, maxWaitMs: 1_000 });
    expect(slots.filter(({ granted }) => granted)).toHaveLength(5);
  });
});
