import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { openTestBudget } from '../../test/support/budget.ts';
import type { TestBudget } from '../../test/support/budget.ts';
import { owner, stranger } from '../../test/support/mirror.ts';
import { loadBudget } from './budget.ts';
import { withWorkspace } from './orm.ts';

let budget: TestBudget;
beforeAll(async () => {
  budget = await openTestBudget();
});
afterAll(() => budget.close());
beforeEach(() => budget.reset());

const load = (hourlyLimit: number | null = null, { workspaceId } = owner) =>
  withWorkspace(budget.orm, workspaceId, (em) => loadBudget(em, workspaceId, 48, hourlyLimit));
const learn = (hourlyLimit: number) => budget.rows('update rate_limits set hourly_limit = $1', [hourlyLimit]);

it('of a workspace that asked for nothing is unused', async () => {
  const unused = { limitPerSecond: 48, usedLastSecond: 0, hourlyLimit: null, hourlyUsed: null, pausedUntil: null };
  expect(await load()).toEqual(unused);
  expect(await load(30)).toEqual({ ...unused, hourlyLimit: 30, hourlyUsed: 0 });
});

it('counts what was answered in the last second, in both lanes', async () => {
  const slots = [...(await budget.takeMany(3)), ...(await budget.takeMany(2, { lane: 'bulk' }))];
  expect(await load()).toMatchObject({ usedLastSecond: 0 });
  await budget.take({ maxWaitMs: -1, answered: slots.map(({ number }) => number) });
  expect(await load()).toMatchObject({ usedLastSecond: 5 });
  expect(await load(null, stranger)).toMatchObject({ usedLastSecond: 0 });
  await budget.pass(1_000);
  expect(await load()).toMatchObject({ usedLastSecond: 0 });
});

it('counts the last hour under a limit of the deployment', async () => {
  await budget.takeMany(4, { hourlyLimit: 30 });
  expect(await load(30)).toMatchObject({ hourlyLimit: 30, hourlyUsed: 4 });
  // A slot may be granted for a moment that is still to come.
  await budget.pass(3_601_000);
  expect(await load(30)).toMatchObject({ hourlyLimit: 30, hourlyUsed: 0 });
});

it.each([
  [null, 20],
  [30, 20],
  [10, 10],
])('of a deployment with the limit %p and a learned one of 20 is %i an hour', async (own, hourlyLimit) => {
  await budget.take();
  await learn(20);
  expect(await load(own)).toMatchObject({ hourlyLimit });
});

it('says until when Clockify asked us to wait, and no longer than that', async () => {
  await budget.refuse((await budget.take()).slotAt, 30_000);
  const { pausedUntil } = await load();
  expect(Date.parse(pausedUntil ?? '') - Date.now()).toBeGreaterThan(25_000);
  await budget.pass(30_000);
  expect(await load()).toMatchObject({ pausedUntil: null });
});
