import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestBudget } from '../../test/support/budget.ts';
import type { TestBudget } from '../../test/support/budget.ts';
import { stranger } from '../../test/support/mirror.ts';
import type { Slot } from './rate-limit.ts';

const elsewhere = { workspaceId: stranger.workspaceId };
const hourMs = 3_600_000;

let budget: TestBudget;
beforeAll(async () => {
  budget = await openTestBudget();
});
afterAll(() => budget.close());
beforeEach(() => budget.reset());

describe('slots', () => {
  it('begin at once', async () => {
    expect(await budget.take()).toMatchObject({ granted: true, waitMs: 0, refusals: 0 });
  });

  it('taken at once by two processes are an interval apart', async () => {
    const slots = await budget.takeMany(45, { requestsPerSecond: 40 });
    const gaps = await budget.gaps(slots);
    expect(gaps).toHaveLength(44);
    expect(Math.min(...gaps)).toBeGreaterThanOrEqual(25_000);
  });

  it('of callers with different rates keep the interval of the caller before', async () => {
    const first = await budget.take({ requestsPerSecond: 1 });
    const second = await budget.take({ requestsPerSecond: 50 });
    expect((await budget.gaps([first, second]))[0]).toBeGreaterThanOrEqual(1_000_000);
  });

  it('of another workspace are not counted', async () => {
    await budget.take({ requestsPerSecond: 1 });
    expect(await budget.take({ ...elsewhere })).toMatchObject({ waitMs: 0 });
  });

  it('are not saved up while nobody asks', async () => {
    await budget.take();
    await budget.pass(hourMs);
    const gaps = await budget.gaps(await budget.takeMany(10, { requestsPerSecond: 40 }));
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

describe('the two lanes', () => {
  const bulk = { lane: 'bulk', requestsPerSecond: 1 } as const;
  const burst = { requestsPerSecond: 10_000, maxWaitMs: 10 };
  const countGranted = (slots: readonly Slot[]) => slots.filter(({ granted }) => granted).length;

  it('have slots of their own: an interactive call passes the page loops that wait', async () => {
    await budget.takeMany(8, bulk);
    expect(await budget.take()).toMatchObject({ granted: true, waitMs: 0 });
  });

  it('each keep their own pace', async () => {
    const loops = [await budget.take(bulk)];
    const clicks = await budget.takeMany(5, { requestsPerSecond: 40 });
    loops.push(await budget.take(bulk));
    expect(Math.min(...(await budget.gaps(clicks)))).toBeGreaterThanOrEqual(25_000);
    expect(Math.max(...(await budget.gaps(clicks)))).toBeLessThan(1_000_000);
    expect(Math.min(...(await budget.gaps(loops)))).toBeGreaterThanOrEqual(1_000_000);
  });

  it('share fifty requests, of which bulk leaves one to interactive calls', async () => {
    expect(countGranted(await budget.takeMany(60, { ...burst, lane: 'bulk' }))).toBe(49);
    expect(countGranted(await budget.takeMany(5, burst))).toBe(1);
  });

  it('share fifty requests, of which bulk leaves four while there are interactive calls', async () => {
    await budget.take();
    expect(countGranted(await budget.takeMany(60, { ...burst, lane: 'bulk' }))).toBe(45);
    expect(countGranted(await budget.takeMany(6, burst))).toBe(4);
  });

  it('share one slot a second after a refusal', async () => {
    await budget.refuse((await budget.take()).slotAt);
    const slots = [await budget.take(bulk), await budget.take(), await budget.take(bulk), await budget.take()];
    expect(Math.min(...(await budget.gaps(slots)))).toBeGreaterThanOrEqual(1_000_000);
  });

  it('both wait for a pause', async () => {
    await budget.refuse((await budget.take()).slotAt, 30_000);
    for (const lane of ['bulk', 'interactive'] as const) {
      expect((await budget.take({ lane, maxWaitMs: 1_000 })).waitMs).toBeGreaterThan(25_000);
    }
  });
});

describe('a database clock that was set back by an hour', () => {
  it('keeps nobody waiting', async () => {
    await budget.takeMany(5);
    await budget.takeMany(5, { lane: 'bulk' });
    await budget.pass(-hourMs);
    for (const lane of ['bulk', 'interactive'] as const) {
      expect((await budget.take({ lane, maxWaitMs: 5_000 })).granted).toBe(true);
    }
  });

  it('leaves fifty requests in a second', async () => {
    const slots = await budget.takeMany(50, { requestsPerSecond: 10_000 });
    await budget.take({ maxWaitMs: -1, answered: slots.map(({ number }) => number) });
    await budget.pass(-hourMs);
    const next = await budget.take({ maxWaitMs: 5_000 });
    expect(next.granted).toBe(true);
    expect(next.waitMs).toBeGreaterThan(500);
  });

  it('leaves a pause as long as it was', async () => {
    await budget.refuse((await budget.take()).slotAt, 30_000);
    await budget.pass(-hourMs);
    const { waitMs } = await budget.take();
    expect(waitMs).toBeGreaterThan(25_000);
    expect(waitMs).toBeLessThanOrEqual(35_000);
  });

  it('leaves the hour as full as it was', async () => {
    await budget.takeMany(3, { hourlyLimit: 3 });
    await budget.pass(-hourMs);
    const { granted, waitMs } = await budget.take({ hourlyLimit: 3 });
    expect(granted).toBe(false);
    expect(waitMs).toBeLessThanOrEqual(hourMs + 5_000);
  });
});

describe('a slot tells what is in use', () => {
  it('of the second: requests on their way, and those answered within it', async () => {
    const slots = await budget.takeMany(5);
    expect(await budget.take({ maxWaitMs: -1, answered: slots.map(({ number }) => number) })).toMatchObject({
      used: 0.1,
      hourlyUsed: null,
    });
    await budget.pass(60_000);
    expect(await budget.take()).toMatchObject({ used: 0.02 });
  });

  it('of the hour, where it has a limit', async () => {
    await budget.takeMany(2, { hourlyLimit: 4 });
    expect(await budget.take({ hourlyLimit: 4 })).toMatchObject({ hourlyUsed: 0.75 });
  });
});
