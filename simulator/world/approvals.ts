import { weekKey, type ApprovalState, type Submission } from './approval-plan.ts';
import type { Blueprint } from './blueprint.ts';
import { formatDuration, formatInstant, historyWeeks, hourMs, weekMs, zoneOffset, type TimeZone } from './calendar.ts';
import { buildExpense, projectInfo, taskInfo } from './expenses.ts';
import type { Sources } from './sources.ts';
import { buildTag } from './tags.ts';
import { weekEntries, type TimeEntry } from './time-entries.ts';
import type { Row } from './types.ts';

/** The platform embeds the whole week; a few of each show the shape and keep pages small. */
const embeddedEntries = 8;
const embeddedExpenses = 2;

/** An approval as the list shows it. What it embeds is computed at each reading: a whole list of it would not fit in memory. */
export function buildApproval(blueprint: Blueprint, sources: Sources, index: number): Row {
  const fallback: Submission = { userIndex: 0, week: historyWeeks - 1, state: 'PENDING' };
  const submission = sources.approvals().submissions[index] ?? fallback;
  const random = blueprint.random('approval', index);
  const approvalRequest = buildRequest(blueprint, sources, submission, index);
  const isApproved = submission.state === 'APPROVED';
  const tracked = random.int(20, 45) * hourMs;
  return {
    approvalRequest,
    get entries() {
      return entriesOf(blueprint, sources, submission, approvalRequest.id);
    },
    get expenses() {
      return expensesOf(blueprint, sources, submission, approvalRequest.id);
    },
    trackedTime: formatDuration(tracked),
    approvedTime: formatDuration(isApproved ? tracked : 0),
    pendingTime: formatDuration(isApproved ? 0 : tracked),
    billableTime: formatDuration(tracked / 2),
    breakTime: formatDuration(random.int(0, 5) * hourMs),
    billableAmount: random.int(0, 5_000) * 100,
    costAmount: random.int(0, 2_000) * 100,
    expenseTotal: random.int(0, 500) * 100,
  };
}

function buildRequest(blueprint: Blueprint, sources: Sources, { userIndex, week, state }: Submission, index: number) {
  const user = sources.users()[userIndex];
  const owner = sources.users()[0];
  const start = blueprint.start + week * weekMs;
  return {
    id: blueprint.id('approval_requests', index),
    workspaceId: blueprint.workspaceId,
    dateRange: { start: formatInstant(start), end: formatInstant(start + weekMs - 1_000) },
    owner: {
      userId: user?.id,
      userName: user?.name,
      timeZone: blueprint.zoneOf(userIndex),
      startOfWeek: user?.settings?.weekStart ?? 'MONDAY',
    },
    creator: { userId: user?.id, userName: user?.name, userEmail: user?.email },
    status: {
      state,
      updatedBy: state === 'PENDING' ? user?.id : owner?.id,
      updatedByUserName: state === 'PENDING' ? user?.name : owner?.name,
      updatedAt: formatInstant(start + weekMs + hourMs),
      note: noteOn(state),
    },
  };
}

function noteOn(state: ApprovalState): string | null {
  return state === 'REJECTED' ? 'Please add the missing day' : state === 'PENDING' ? null : '';
}

function entriesOf(blueprint: Blueprint, sources: Sources, { userIndex, week }: Submission, approvalRequestId: string) {
  const zone = blueprint.zoneOf(userIndex);
  return weekEntries(blueprint, sources, userIndex, week, embeddedEntries).map((entry) => ({
    ...hydrateEntry(blueprint, sources, entry, zone),
    approvalRequestId,
  }));
}

/** Objects in the place of ids, and the interval in the owner's zone as well. */
function hydrateEntry(blueprint: Blueprint, sources: Sources, entry: TimeEntry, zone: TimeZone) {
  const { projectId, taskId, tagIds, userId: _, workspaceId: __, kioskId: ___, ...rest } = entry;
  const project = blueprint.parseId(projectId ?? '');
  const task = blueprint.parseId(taskId ?? '');
  return {
    ...rest,
    project: project === undefined ? null : projectInfo(sources, project.index),
    task: task === undefined ? null : taskInfo(blueprint, task.parentIndex, task.index),
    tags: (tagIds ?? []).map((tagId) => buildTag(blueprint, blueprint.parseId(tagId)?.index ?? 0)),
    timeInterval: { ...rest.timeInterval, timeZone: zone, ...zoned(rest.timeInterval, zone) },
  };
}

function zoned({ start, end }: TimeEntry['timeInterval'], zone: TimeZone) {
  const startMs = Date.parse(start);
  const endMs = Date.parse(end ?? start);
  return {
    offsetStart: zoneOffset(zone, startMs) / 1000,
    offsetEnd: zoneOffset(zone, endMs) / 1000,
    zonedStart: formatInstant(startMs + zoneOffset(zone, startMs)).slice(0, -1),
    zonedEnd: formatInstant(endMs + zoneOffset(zone, endMs)).slice(0, -1),
  };
}

function expensesOf(blueprint: Blueprint, sources: Sources, { userIndex, week, state }: Submission, id: string) {
  const positions = sources.expensesByWeek().get(weekKey(userIndex, week)) ?? [];
  return positions.slice(0, embeddedExpenses).map((position) => ({
    ...buildExpense(blueprint, sources, position),
    approvalRequestId: id,
    approvalStatus: state,
    detailedApprovalStatus: state,
    currency: 'USD',
    fileUrl: null,
  }));
}
