import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { openTestBudget } from '../../test/support/budget.ts';
import type { TestBudget } from '../../test/support/budget.ts';
import { owner } from '../../test/support/mirror.ts';

const beforeLanes = 'Migration20261121154708';

let budget: TestBudget;
beforeAll(async () => {
  budget = await openTestBudget();
});
afterAll(() => budget.close());

/** As code from before the lanes asks. */
const takeAsBefore = () =>
  budget.rows(`select * from take_slot($1, interval '1 second', null, interval '1 minute', '{}')`, [owner.workspaceId]);

it('a budget from before the lanes goes on, and old code counts as bulk beside new', async () => {
  await budget.orm.migrator.down({ to: beforeLanes });
  const [before] = await takeAsBefore();
  await budget.orm.migrator.up();

  const [old] = await takeAsBefore();
  expect(Object.keys(old ?? {})).toEqual(Object.keys(before ?? {}));
  expect(old).toMatchObject({ granted: true, number: '2' });
  expect(await budget.take()).toMatchObject({ granted: true, waitMs: 0, number: '3' });
  const next = await budget.take({ lane: 'bulk' });
  expect(next.number).toBe('4');
  expect(next.waitMs).toBeGreaterThan(1_000);
});
