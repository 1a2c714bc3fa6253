import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestBudget } from '../../test/support/budget.ts';
import type { TestBudget } from '../../test/support/budget.ts';
import { owner, stranger } from '../../test/support/mirror.ts';
import { recordRecovery } from './rate-limit.ts';
import type { Slot } from './rate-limit.ts';

const elsewhere = { workspaceId: stranger.workspaceId };
const hourMs = 3_600_000;

let budget: TestBudget;
beforeAll(async () => {
  budget = await openTestBudget();
});
afterAll(() => budget.close());
beforeEach(() => budget.reset());

/** Microseconds between consecutive slots. */
async function gapsBetween(slots: readonly Slot[]): Promise<number[]> {
  const rows = await budget.rows(
    `select (extract(epoch from slot - lag(slot) over (order by slot)) * 1e6)::int as gap
     from unnest($1::timestamptz[]) slot order by slot`,
    [slots.map(({ slotAt }) => slotAt)],
  );
  return rows.slice(1).map(({ gap }) => Number(gap));
}
const expectPause = async (milliseconds: number) => {
  const { pause } = (await budget.load()) as { pause: number };
  expect(pause).toBeLessThanOrEqual(milliseconds);
  expect(pause).toBeGreaterThan(milliseconds - 5_000);
};

describe('slots', () => {
  it('begin at once', async () => {
    expect(await budget.take()).toMatchObject({ granted: true, waitMs: 0, refusals: 0 });
  });

  it('taken at once by two processes are an interval apart', async () => {
    const slots = await budget.takeMany(60, { requestsPerSecond: 40 });
    const gaps = await gapsBetween(slots);
    expect(gaps).toHaveLength(59);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(25_000);
  });

  it('of callers with different rates keep the interval of the caller before', async () => {
    const first = await budget.take({ requestsPerSecond: 1 });
    const second = await budget.take({ requestsPerSecond: 50 });
    expect((await gapsBetween([first, second]))[0]).toBeGreaterThanOrEqual(1_000_000);
  });

  it('of another workspace are not counted', async () => {
    await budget.take({ requestsPerSecond: 1 });
    expect(await budget.take({ ...elsewhere })).toMatchObject({ waitMs: 0 });
  });

  it('are not saved up while nobody asks', async () => {
    await budget.take();
    await budget.pass(hourMs);
    const gaps = await gapsBetween(await budget.takeMany(10, { requestsPerSecond: 40 }));
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(25_000);
  });

  it('further away than the caller waits are not taken, and told', async () => {
    await budget.take({ requestsPerSecond: 1 });
    await budget.refuse((await budget.take({ requestsPerSecond: 1 })).slotAt, 60_000);
    const before = await budget.load();
    const { granted, waitMs } = await budget.take({ maxWaitMs: 5_000 });
    expect(granted).toBe(false);
    expect(waitMs).toBeGreaterThan(50_000);
    expect(await budget.load()).toMatchObject({ hour_grants: before?.['hour_grants'] });
    expect(await budget.take({ maxWaitMs: 61_000 })).toMatchObject({ granted: true });
  });
});

describe('the fifty requests that Clockify takes in a second', () => {
  const burst = { requestsPerSecond: 10_000 };
  const numbersOf = (slots: readonly Slot[]) => slots.map(({ number }) => number);

  it('are numbered in the order of their slots', async () => {
    const slots = await budget.takeMany(20, burst);
    const inOrder = slots.toSorted((a, b) => (a.slotAt < b.slotAt ? -1 : 1));
    expect(numbersOf(inOrder)).toEqual(Array.from({ length: 20 }, (_, index) => String(index + 1)));
  });

  it('may leave as fast as the caller wants, and the next one a second later', async () => {
    const slots = await budget.takeMany(50, burst);
    expect(Math.max(...slots.map(({ waitMs }) => waitMs))).toBeLessThan(1_000);
    expect((await budget.take(burst)).waitMs).toBeGreaterThanOrEqual(1_000);
  });

  it('free their places a second after their answers were reported', async () => {
    const slots = await budget.takeMany(50, burst);
    await budget.pass(60_000);
    const [first, second] = numbersOf(slots).toSorted((a, b) => Number(a) - Number(b));
    expect((await budget.take({ ...burst, answered: [first ?? '', second ?? ''] })).waitMs).toBeGreaterThanOrEqual(
      1_000,
    );
    await budget.pass(60_000);
    expect(await budget.take(burst)).toMatchObject({ waitMs: 0 });
  });

  it('hold their places while they are on their way, however long that takes', async () => {
    await budget.takeMany(50, burst);
    await budget.pass(60_000);
    expect((await budget.take(burst)).waitMs).toBeGreaterThanOrEqual(1_000);
  });

  it('are reported also by a call that gets no slot', async () => {
    const slots = await budget.takeMany(50, burst);
    expect(await budget.take({ maxWaitMs: 1, answered: numbersOf(slots) })).toMatchObject({ granted: false });
    await budget.pass(60_000);
    expect(await budget.take(burst)).toMatchObject({ waitMs: 0 });
  });

  it('are known by their numbers: an answer to an older request frees nothing', async () => {
    const [first] = numbersOf(await budget.takeMany(1, burst));
    await budget.takeMany(99, burst);
    await budget.pass(60_000);
    await budget.take({ ...burst, maxWaitMs: 1, answered: [first ?? ''] });
    await budget.pass(60_000);
    expect((await budget.take(burst)).waitMs).toBeGreaterThanOrEqual(1_000);
  });
});

describe('a refusal', () => {
  it.each([
    [30_000, 30_000],
    [3_600_000, 900_000],
  ])('that asks for %i ms pauses everybody for %i ms', async (retryAfterMs, pause) => {
    await budget.refuse((await budget.take()).slotAt, retryAfterMs);
    await expectPause(pause);
    expect(await budget.load()).toMatchObject({ refusals: 1 });
  });

  it('without a time pauses for one second, then twice as long each time, at most a quarter of an hour', async () => {
    for (let seconds = 1; seconds <= 2_048; seconds *= 2) {
      const { slotAt } = await budget.take({ maxWaitMs: hourMs });
      await budget.refuse(slotAt);
      await expectPause(Math.min(seconds, 900) * 1_000);
      await budget.pass(901_000);
    }
  });

  it('never moves the next slot closer', async () => {
    const { slotAt } = await budget.take();
    await budget.refuse(slotAt, 60_000);
    await budget.rows('update rate_limits set paused_until = null');
    await budget.refuse(slotAt, 1_000);
    await expectPause(60_000);
  });

  it('of calls that were already on their way counts once', async () => {
    const slots = await budget.takeMany(8);
    await Promise.all(slots.map(({ slotAt }) => budget.refuse(slotAt)));
    expect(await budget.load()).toMatchObject({ refusals: 1 });
    await expectPause(1_000);
  });

  it('of calls that wait for their slots, taken before the pause, does not count either', async () => {
    const slots = await budget.takeMany(8, { requestsPerSecond: 20 });
    const inOrder = slots.map(({ slotAt }) => slotAt).sort();
    for (const slotAt of inOrder) await budget.refuse(slotAt);
    expect(await budget.load()).toMatchObject({ refusals: 1 });
  });

  it('of the first call after the pause counts again', async () => {
    await budget.refuse((await budget.take()).slotAt, 10_000);
    const after = await budget.take();
    await budget.refuse(after.slotAt);
    expect(await budget.load()).toMatchObject({ refusals: 2 });
  });

  it('slows down to one slot a second until an answer is good', async () => {
    await budget.refuse((await budget.take()).slotAt);
    const slow = await gapsBetween(await budget.takeMany(4));
    expect(Math.min(...slow)).toBeGreaterThanOrEqual(1_000_000);
    expect(await budget.take()).toMatchObject({ refusals: 1 });
    await recordRecovery(budget.orm, owner.workspaceId);
    const [, ...fast] = await gapsBetween(await budget.takeMany(4));
    expect(Math.max(...fast)).toBeLessThan(1_000_000);
    expect(await budget.take()).toMatchObject({ refusals: 0 });
  });

  it('does not touch another workspace', async () => {
    const { slotAt } = await budget.take();
    await budget.take({ ...elsewhere });
    await budget.refuse(slotAt, 60_000);
    expect(await budget.take({ ...elsewhere })).toMatchObject({ refusals: 0 });
  });

  it('of a workspace without a budget is ignored', async () => {
    await budget.refuse(new Date().toISOString());
    expect(await budget.load()).toBeUndefined();
  });
});
