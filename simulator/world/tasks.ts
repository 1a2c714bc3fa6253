import type { Blueprint } from './blueprint.ts';
import { formatDuration, hourMs, minuteMs } from './calendar.ts';
import type { Parent } from './collection.ts';
import { rate } from './currencies.ts';
import { taskName } from './names.ts';
import { distribute } from './random.ts';

/** How many tasks each project has: none, exactly one page of 50, of 200, very many, and the rest unevenly. */
export function tasksPerProject({ counts, random }: Blueprint): number[] {
  const { projects, tasks } = counts;
  const fixed = [0, 50, ...(tasks >= 1_000 ? [200, Math.min(1_500, Math.floor(tasks / 3))] : [])];
  const rest = tasks - fixed.reduce((sum, size) => sum + size, 0);
  const draw = random('tasks per project');
  const weights = Array.from({ length: projects - fixed.length }, () => draw.next() ** 3);
  return [...fixed, ...distribute(rest, weights)];
}

export function taskId(blueprint: Blueprint, projectIndex: number, index: number): string {
  const createdAt = blueprint.createdAt(projectIndex, blueprint.counts.projects) + index * minuteMs;
  return blueprint.id('tasks', index, { parentIndex: projectIndex, createdAt });
}

export function buildTask(blueprint: Blueprint, project: Pick<Parent, 'id' | 'index'>, index: number) {
  const random = blueprint.random('task', project.index, index);
  const assignees = random.chance(0.5) ? [blueprint.id('users', random.int(0, blueprint.counts.users - 1))] : [];
  const isDone = random.chance(0.35);
  return {
    id: taskId(blueprint, project.index, index),
    name: index < 8 ? taskName(random) : `${taskName(random)} ${index}`,
    projectId: project.id,
    workspaceId: blueprint.workspaceId,
    assigneeIds: assignees,
    assigneeId: assignees[0] ?? null,
    userGroupIds: [],
    estimate: random.chance(0.3) ? formatDuration(random.int(1, 60) * hourMs) : 'PT0S',
    budgetEstimate: random.chance(0.1) ? random.int(1, 500) * 10_000 : null,
    status: isDone ? 'DONE' : 'ACTIVE',
    duration: formatDuration(random.int(0, 200) * hourMs),
    billable: random.chance(0.8),
    hourlyRate: random.chance(0.1) ? rate(random.int(40, 220) * 100, 'USD') : null,
    costRate: null,
    progress: null,
  };
}
