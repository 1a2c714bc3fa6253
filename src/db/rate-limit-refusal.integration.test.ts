import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestBudget } from '../../test/support/budget.ts';
import type { TestBudget } from '../../test/support/budget.ts';
import { owner, stranger } from '../../test/support/mirror.ts';
import { recordRecovery } from './rate-limit.ts';

const elsewhere = { workspaceId: stranger.workspaceId };
const hourMs = 3_600_000;

let budget: TestBudget;
beforeAll(async () => {
  budget = await openTestBudget();
});
afterAll(() => budget.close());
beforeEach(() => budget.reset());

const expectPause = async (milliseconds: number) => {
  const { pause } = (await budget.load()) as { pause: number };
  expect(pause).toBeLessThanOrEqual(milliseconds);
  expect(pause).toBeGreaterThan(milliseconds - 5_000);
};

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
    const slow = await budget.gaps(await budget.takeMany(4));
    expect(Math.min(...slow)).toBeGreaterThanOrEqual(1_000_000);
    expect(await budget.take()).toMatchObject({ refusals: 1 });
    await recordRecovery(budget.orm, owner.workspaceId);
    await budget.pass(5_000);
    const [, ...fast] = await budget.gaps(await budget.takeMany(4));
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
