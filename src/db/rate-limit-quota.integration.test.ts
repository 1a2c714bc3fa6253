import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestBudget } from '../../test/support/budget.ts';
import type { TestBudget } from '../../test/support/budget.ts';
import { install } from '../../test/support/mirror.ts';
import type { Lane } from './rate-limit.ts';

const hourMs = 3_600_000;

let budget: TestBudget;
beforeAll(async () => {
  budget = await openTestBudget();
});
afterAll(() => budget.close());
beforeEach(() => budget.reset());

describe('an hourly limit', () => {
  it('is kept exactly, also by takers at once', async () => {
    const slots = await budget.takeMany(40, { hourlyLimit: 30, maxWaitMs: 1_000 });
    expect(slots.filter(({ granted }) => granted)).toHaveLength(30);
  });

  it('gives a slot an hour after the grant it replaces', async () => {
    const slots = await budget.takeMany(3, { hourlyLimit: 3 });
    const fourth = await budget.take({ hourlyLimit: 3, maxWaitMs: 2 * hourMs });
    const [first] = slots.map(({ slotAt }) => slotAt).sort();
    const [gap] = await budget.rows(`select $1::timestamptz - $2::timestamptz = interval '1 hour' as exact`, [
      fourth.slotAt,
      first,
    ]);
    expect(gap).toEqual({ exact: true });
  });

  it('frees grants as they grow old, one by one', async () => {
    await budget.takeMany(2, { hourlyLimit: 3 });
    await budget.pass(hourMs / 2);
    await budget.take({ hourlyLimit: 3 });
    expect(await budget.take({ hourlyLimit: 3 })).toMatchObject({ granted: false });
    await budget.pass(hourMs / 2 + 1_000);
    const later = await budget.takeMany(3, { hourlyLimit: 3 });
    expect(later.filter(({ granted }) => granted)).toHaveLength(2);
  });

  it('is spent by page loops but for a tenth, which interactive calls may have', async () => {
    const granted = async (lane: Lane, count: number) => {
      const slots = await budget.takeMany(count, { lane, hourlyLimit: 30, maxWaitMs: 20_000 });
      return slots.filter((slot) => slot.granted).length;
    };
    expect(await granted('interactive', 2)).toBe(2);
    expect(await granted('bulk', 30)).toBe(25);
    expect(await granted('interactive', 5)).toBe(3);
  });

  it('that was lowered counts the newest grants', async () => {
    await budget.takeMany(5, { hourlyLimit: 5 });
    expect(await budget.take({ hourlyLimit: 2 })).toMatchObject({ granted: false });
    await budget.pass(hourMs + 1_000);
    const slots = await budget.takeMany(4, { hourlyLimit: 2 });
    expect(slots.filter(({ granted }) => granted)).toHaveLength(2);
  });
});

describe('the quota of new FREE workspaces', () => {
  const setPlan = async (plan: string | null) => {
    await install(budget.orm);
    await budget.rows('update installations set plan = $1', [plan]);
  };

  it('is learned from a refusal right after thirty grants, and holds at once', async () => {
    await setPlan('FREE');
    const slots = await budget.takeMany(31);
    await budget.refuse(
      slots
        .map(({ slotAt }) => slotAt)
        .sort()
        .at(-1) ?? '',
    );
    expect(await budget.load()).toMatchObject({ hourly_limit: 30, grants: 30 });
    const next = await budget.take();
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
    const slots = await budget.takeMany(grants);
    await budget.refuse(slots[0]?.slotAt ?? '');
    expect(await budget.load()).toMatchObject({ hourly_limit: null, refusals: 1 });
  });

  it('is not learned from grants of the hour before', async () => {
    await setPlan('FREE');
    await budget.takeMany(30);
    await budget.pass(hourMs + 1_000);
    await budget.refuse((await budget.take()).slotAt);
    expect(await budget.load()).toMatchObject({ hourly_limit: null, hour_grants: 1 });
  });

  it('counts together with a configured limit: the lower one holds', async () => {
    await budget.take();
    await budget.rows('update rate_limits set hourly_limit = 5');
    const slots = await budget.takeMany(8, { hourlyLimit: 6, maxWaitMs: 1_000 });
    expect(slots.filter(({ granted }) => granted)).toHaveLength(5);
  });
});
