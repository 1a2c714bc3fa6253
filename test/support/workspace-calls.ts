import { createBlueprint } from '../../simulator/world/blueprint.ts';
import { entriesPerUser } from '../../simulator/world/entry-plan.ts';
import { tasksPerProject } from '../../simulator/world/tasks.ts';
import type { ProfileName } from '../../simulator/world/types.ts';
import { createWorld } from '../../simulator/world/world.ts';

/** A list without a count ends with a page that is not full; one with a count, with the page that reaches it. */
const uncounted = (rows: number, size: number): number => Math.floor(rows / size) + 1;
const counted = (rows: number, size: number): number => Math.max(1, Math.ceil(rows / size));
const total = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0);

/**
 * The requests that a full copy of a simulated workspace takes with 200 rows on a page, 50 of approvals: by the
 * simulator's own numbers and by arithmetic of its own. `entries`: time entries of each user, when not all are read.
 */
export function countCallsOfCopy(profile: ProfileName, seed: number, entries?: readonly number[]): number {
  const options = { profile, seed, now: new Date() };
  const blueprint = createBlueprint(options);
  const { counts } = blueprint;
  const world = createWorld(options);
  const paid = world.list('invoices').filter((invoice) => Number(invoice['paid']) > 0).length;
  const categories = world.list('expense_categories');
  const archived = categories.filter((category) => category['archived'] === true).length;
  const balances = world
    .list('time_off_policies')
    .map((policy) => world.list('time_off_balances', String(policy['id'])).length);
  return total([
    4, // workspace, invoice settings, custom fields, holidays
    ...[counts.users, counts.projects, counts.clients, counts.tags].map((rows) => uncounted(rows, 200)),
    ...[counts.time_off_policies, counts.user_groups, counts.assignments].map((rows) => uncounted(rows, 200)),
    uncounted(counts.approval_requests, 50),
    ...[counts.time_off_requests, counts.invoices, counts.expenses].map((rows) => counted(rows, 200)),
    counted(archived, 200) + counted(categories.length - archived, 200),
    ...balances.map((rows) => counted(rows, 200)),
    ...tasksPerProject(blueprint).map((rows) => uncounted(rows, 200)),
    ...(entries ?? entriesPerUser(blueprint)).map((rows) => uncounted(rows, 200)),
    counts.invoices + paid,
  ]);
}
