import { weekKey } from './approval-plan.ts';
import type { Blueprint } from './blueprint.ts';
import { formatDay, weekMs } from './calendar.ts';
import { times } from './collection.ts';
import { activityNote } from './names.ts';
import type { Sources } from './sources.ts';
import { buildTask } from './tasks.ts';
import { userKind } from './users.ts';

/** How an entry or expense names its project: objects, no flat ids. */
export function projectInfo(sources: Sources, projectIndex: number) {
  const project = sources.projects()[projectIndex];
  if (project === undefined) return null;
  const { id, name, clientId, clientName, color } = project;
  return { id, name, clientId, clientName, color };
}

/** The name and id of a task of a project. */
export function taskInfo(blueprint: Blueprint, projectIndex: number, taskIndex: number) {
  const parent = { id: blueprint.id('projects', projectIndex), index: projectIndex };
  const { id, name } = buildTask(blueprint, parent, taskIndex);
  return { id, name };
}

function userIndexOf({ counts }: Blueprint, index: number): number {
  const user = (index * 7) % counts.users;
  return userKind(user) === 'invited' ? 0 : user;
}

/** Positions of the expenses of a user's week of the history, by {@link weekKey}. */
export function expensesByWeek(blueprint: Blueprint): ReadonlyMap<string, readonly number[]> {
  const count = blueprint.counts.expenses;
  const week = (index: number) => Math.floor((blueprint.createdAt(index, count) - blueprint.start) / weekMs);
  return Map.groupBy(
    times(count, (index) => index),
    (index) => weekKey(userIndexOf(blueprint, index), week(index)),
  );
}

/**
 * An expense as the list shows it. `total` is in minor units; `quantity` is the number of units, or the amount in
 * major units where the category has no price per unit.
 */
export function buildExpense(blueprint: Blueprint, sources: Sources, index: number) {
  const random = blueprint.random('expense', index);
  const { counts } = blueprint;
  const category = index === 5 ? undefined : sources.expenseCategories()[index % counts.expense_categories];
  const quantity = category?.hasUnitPrice ? random.int(3, 900) : random.int(200, 90_000) / 100;
  const total = category?.hasUnitPrice ? quantity * category.priceInCents : Math.round(quantity * 100);
  const projectIndex = Math.floor(random.next() ** 2 * counts.projects);
  const tasks = sources.taskCounts()[projectIndex] ?? 0;
  const hasProject = random.chance(0.85);
  const hasTask = hasProject && tasks > 0 && random.chance(0.4);
  const hasFile = random.chance(0.3);
  return {
    id: blueprint.id('expenses', index),
    workspaceId: blueprint.workspaceId,
    userId: blueprint.id('users', userIndexOf(blueprint, index)),
    date: `${formatDay(blueprint.createdAt(index, counts.expenses))}T00:00:00Z`,
    category: category ?? null,
    project: hasProject ? projectInfo(sources, projectIndex) : null,
    task: hasTask ? taskInfo(blueprint, projectIndex, random.int(0, tasks - 1)) : null,
    notes: random.chance(0.5) ? activityNote(random) : '',
    quantity,
    billable: random.chance(0.6),
    fileId: hasFile ? blueprint.id('file', index) : '',
    fileName: hasFile ? `receipt-${index}.pdf` : null,
    total,
    isLocked: false,
    locked: false,
  };
}
