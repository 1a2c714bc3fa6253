import { freshIndex, type Blueprint } from './blueprint.ts';
import { dayMs, formatInstant } from './calendar.ts';
import { taskInfo } from './expenses.ts';
import type { Sources } from './sources.ts';
import { userKind } from './users.ts';

/** Everything planned lies within eleven months of now, so that a window of a year on both sides sees all of it. */
const reachDays = 330;
const longestDays = 14;

/** A planned stretch of work, as the list of a window shows it. */
export function buildAssignment(blueprint: Blueprint, sources: Sources, index: number) {
  const random = blueprint.random('assignment', index);
  const { counts, now } = blueprint;
  const days = random.int(1, longestDays);
  const projectIndex = random.int(0, counts.projects - 1);
  const project = sources.projects()[projectIndex];
  const tasks = sources.taskCounts()[projectIndex] ?? 0;
  const task = tasks > 0 && random.chance(0.3) ? taskInfo(blueprint, projectIndex, random.int(0, tasks - 1)) : null;
  const drawn = random.int(0, counts.users - 1);
  const user = sources.users()[userKind(drawn) === 'invited' ? 0 : drawn];
  const start = startOf(index, counts.assignments, now, days);
  return {
    id: blueprint.id('assignments', index),
    workspaceId: blueprint.workspaceId,
    userId: user?.id ?? null,
    userName: user?.name ?? '',
    projectId: project?.id ?? null,
    projectName: project?.name ?? '',
    projectColor: project?.color ?? null,
    projectArchived: project?.archived ?? false,
    projectBillable: project?.billable ?? false,
    clientId: project?.clientId || null,
    clientName: project?.clientName || null,
    taskId: task?.id ?? null,
    taskName: task?.name ?? null,
    period: { start: formatInstant(start), end: formatInstant(start + days * dayMs) },
    billable: random.chance(0.7),
    hoursPerDay: random.int(1, 16) / 2,
    startTime: '09:00',
    note: random.chance(0.2) ? 'To be confirmed' : '',
    published: random.chance(0.8),
    includeNonWorkingDays: false,
    recurring: null,
  };
}

function startOf(index: number, count: number, now: number, days: number): number {
  const share = index >= freshIndex ? 0.5 : index / Math.max(count, 1);
  const offset = -reachDays + share * (2 * reachDays - days);
  return Math.floor(now / dayMs + offset + 1) * dayMs;
}
