import { textAt } from '../../api/rows.ts';
import { wallClock } from '../../api/wall-clock.ts';
import type { Row, World } from '../../world/types.ts';
import { amountOf, pick, related, rowsOf, type PayloadBuilder } from './fields.ts';
import { named } from './plain.ts';

/** An entry with what it names, as the published samples show it; the interval of a running one has no end. */
export const timeEntry: PayloadBuilder = (row, context) => {
  const { project, task, user } = namedBy(row, context.world);
  return {
    ...pick(row, 'id', 'description', 'tagIds', 'userId', 'billable', 'taskId', 'projectId', 'timeInterval'),
    ...pick(row, 'workspaceId', 'isLocked'),
    hourlyRate: null,
    costRate: null,
    customFieldValues: fieldValues(row),
    project: project === undefined ? null : projectOf(project),
    task: task === undefined ? null : taskOf(task),
    user: pick(user, 'name', 'id', 'status'),
    tags: tagsOf(row, context.world).map((tag) => named(tag, context)),
  };
};

/** As live captures show a deleted entry: more than the published sample, but neither `taskId` nor `tagIds`. */
export const deletedTimeEntry: PayloadBuilder = (row, context) => {
  const { project, task, user } = namedBy(row, context.world);
  const interval = row['timeInterval'] as { start: string; end: string | null; duration: string | null };
  return {
    ...pick(row, 'id', 'description', 'userId', 'billable', 'projectId'),
    timeInterval: { ...interval, ...zoned(interval, zoneOf(user)) },
    ...pick(row, 'workspaceId', 'isLocked'),
    hourlyRate: null,
    costRate: null,
    customFieldValues: fieldValues(row),
    ...pick(row, 'type'),
    kioskId: null,
    approvalStatus: null,
    detailedApprovalStatus: null,
    projectCurrency: null,
    currentlyRunning: interval.end === null,
    project: project === undefined ? null : { ...projectOf(project), ...projectExtras(project) },
    task: task === undefined ? null : { ...taskOf(task), ...taskExtras(task) },
    user: { ...pick(user, 'id', 'name', 'status'), hourlyRate: { amount: 0 }, costRate: { amount: 0 } },
    tags: tagsOf(row, context.world).map((tag) => named(tag, context)),
  };
};

function namedBy(row: Row, world: World) {
  return {
    project: related(world, 'projects', row['projectId']),
    task: related(world, 'tasks', row['taskId']),
    user: related(world, 'users', row['userId']) ?? {},
  };
}

function projectOf(row: Row): Row {
  return {
    ...pick(row, 'name', 'clientId', 'clientName', 'workspaceId', 'billable', 'estimate', 'color', 'archived'),
    ...pick(row, 'duration', 'note', 'id', 'public', 'template'),
  };
}

function projectExtras(row: Row): Row {
  return {
    hourlyRate: amountOf(row['hourlyRate']),
    costRate: amountOf(row['costRate']),
    memberships: rowsOf(row, 'memberships').map(({ userId }) => ({ userId, hourlyRate: null, costRate: null })),
    activeEstimate: 'NONE',
    timeEstimate: { includeNonBillable: true, estimate: 0, type: 'AUTO', resetOption: null },
    budgetEstimate: null,
    estimateReset: null,
    sourceType: null,
    auditMetadata: null,
    accessOnPaidPlan: null,
  };
}

function taskOf(row: Row): Row {
  return {
    ...pick(row, 'name', 'workspaceId', 'projectId', 'assigneeIds', 'assigneeId', 'userGroupIds', 'estimate'),
    ...pick(row, 'status', 'duration', 'id'),
  };
}

function taskExtras(row: Row): Row {
  return {
    assigneeId: row['assigneeId'] ?? '',
    budgetEstimate: row['budgetEstimate'] ?? 0,
    ...pick(row, 'billable'),
    hourlyRate: null,
    costRate: null,
    sourceType: 'WEB',
  };
}

function tagsOf(row: Row, world: World): readonly Row[] {
  const ids: unknown[] = Array.isArray(row['tagIds']) ? row['tagIds'] : [];
  return ids.map((id) => related(world, 'tags', id)).filter((tag) => tag !== undefined);
}

function fieldValues(row: Row): readonly Row[] {
  return rowsOf(row, 'customFieldValues').map((value) => pick(value, 'customFieldId', 'timeEntryId', 'value', 'name'));
}

function zoneOf(user: Row): string {
  return textAt(user, 'settings.timeZone') || 'UTC';
}

/** The same interval on the clock of the entry's owner; offsets in seconds. */
function zoned({ start, end }: { start: string; end: string | null }, timeZone: string): Row {
  const zonedStart = wallClock(start, timeZone);
  const zonedEnd = end === null ? null : wallClock(end, timeZone);
  return {
    timeZone,
    offsetStart: offset(start, zonedStart),
    offsetEnd: end === null || zonedEnd === null ? null : offset(end, zonedEnd),
    zonedStart,
    zonedEnd,
  };
}

function offset(instant: string, zonedTime: string): number {
  return (Date.parse(`${zonedTime}Z`) - Date.parse(instant)) / 1000;
}
