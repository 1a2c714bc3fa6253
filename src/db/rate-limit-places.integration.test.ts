import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestBudget } from '../../test/support/budget.ts';
import type { TestBudget } from '../../test/support/budget.ts';
import type { Slot } from './rate-limit.ts';

let budget: TestBudget;
beforeAll(async () => {
  budget = await openTestBudget();
});
afterAll(() => budget.close());
beforeEach(() => budget.reset());

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
    const [first, second] = numbersOf(slots);
    const next = await budget.take({ ...burst, answered: [first ?? '', second ?? ''] });
    expect(next.granted).toBe(true);
    expect(next.waitMs).toBeGreaterThanOrEqual(1_000);
    await budget.pass(1_001);
    expect(await budget.take(burst)).toMatchObject({ granted: true, waitMs: 0 });
    expect(await budget.take(burst)).toMatchObject({ granted: false });
  });

  it('hold their places for as long as a request can be on its way', async () => {
    await budget.takeMany(50, burst);
    await budget.pass(30_000);
    expect(await budget.take(burst)).toMatchObject({ granted: false, waitMs: 1_000, number: '0' });
    await budget.pass(3_000);
    expect(await budget.take(burst)).toMatchObject({ granted: true, waitMs: 0 });
  });

  it('are reported also by a call that gets no slot', async () => {
    const slots = await budget.takeMany(50, burst);
    expect(await budget.take({ maxWaitMs: 1, answered: numbersOf(slots) })).toMatchObject({ granted: false });
    await budget.pass(60_000);
    expect(await budget.take(burst)).toMatchObject({ waitMs: 0 });
  });

  it('are not reported to a workspace that was removed meanwhile', async () => {
    await budget.take();
    await budget.reset();
    expect(await budget.take({ maxWaitMs: -1, answered: ['1'] })).toMatchObject({ granted: false, number: '0' });
    expect(await budget.load()).toBeUndefined();
  });

  it('are known by their numbers: the late answer of a request that was given up frees nothing', async () => {
    const late = numbersOf(await budget.takeMany(50, burst));
    await budget.pass(60_000);
    await budget.takeMany(50, burst);
    expect(await budget.take({ ...burst, answered: late })).toMatchObject({ granted: false });
    await budget.pass(1_001);
    expect(await budget.take(burst)).toMatchObject({ granted: false });
  });
});
