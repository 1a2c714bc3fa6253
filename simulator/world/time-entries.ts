import type { Blueprint } from './blueprint.ts';
import { formatDuration, formatInstant, historyWeeks, hourMs, minuteMs } from './calendar.ts';
import { times, type Parent } from './collection.ts';
import { rate } from './currencies.ts';
import { entryFields, fieldValue } from './custom-fields.ts';
import { hasRunningTimer, positionsInWeek } from './entry-plan.ts';
import { weekSpans } from './entry-times.ts';
import { activityNote, awkwardNames, longDescription } from './names.ts';
import type { Random } from './random.ts';
import type { Sources } from './sources.ts';
import { taskId } from './tasks.ts';

export type TimeEntry = ReturnType<typeof buildTimeEntry>;

/** The first entry of the owner in these weeks is a hard one. */
const hardWeeks: Readonly<Record<number, string>> = {
  20: '',
  21: longDescription,
  22: `${awkwardNames.arabic} ${awkwardNames.emoji}`,
  23: awkwardNames.quoted,
};
const bareWeek = 20;

interface EntryPlace {
  readonly userId: string;
  readonly userIndex: number;
  /** Counted from the user's oldest entry. */
  readonly index: number;
  readonly start: number;
  /** Null while the timer runs. */
  readonly end: number | null;
  readonly isLocked: boolean;
  /** Replaces what would be drawn. */
  readonly description?: string;
  /** Without project, task and tags. */
  readonly isBare?: boolean;
}

/** All entries of one user, the newest start first as the platform lists them. */
export function userEntries(blueprint: Blueprint, sources: Sources, userIndex: number) {
  const entries = times(historyWeeks, (week) => weekEntries(blueprint, sources, userIndex, week)).flat();
  if (hasRunningTimer(userIndex)) entries.push(runningEntry(blueprint, sources, userIndex));
  return entries.reverse();
}

/** The finished entries of a user's week, the oldest first; only the first few where a limit is named. */
export function weekEntries(blueprint: Blueprint, sources: Sources, userIndex: number, week: number, limit?: number) {
  const { from, until } = positionsInWeek(userIndex, sources.entryCounts()[userIndex] ?? 0, week);
  const userId = blueprint.id('users', userIndex);
  const isLocked = sources.approvals().isApproved(userIndex, week);
  const spans = weekSpans(blueprint, userIndex, week, until - from).slice(0, limit);
  return spans.map((span, position) => {
    const description = userIndex === 0 && position === 0 ? hardWeeks[week] : undefined;
    const place = { userId, userIndex, index: from + position, ...span, isLocked };
    if (description === undefined) return buildTimeEntry(blueprint, sources, place);
    return buildTimeEntry(blueprint, sources, { ...place, description, isBare: week === bareWeek });
  });
}

function runningEntry(blueprint: Blueprint, sources: Sources, userIndex: number) {
  return buildTimeEntry(blueprint, sources, {
    userId: blueprint.id('users', userIndex),
    userIndex,
    index: (sources.entryCounts()[userIndex] ?? 1) - 1,
    start: blueprint.now - 45 * minuteMs,
    end: null,
    isLocked: false,
  });
}

/** Half an hour of work that began an hour before the entry was made. */
export function freshEntry(blueprint: Blueprint, sources: Sources, index: number, user: Parent) {
  const start = blueprint.createdAt(index, 0) - hourMs;
  const owner = { userId: user.id, userIndex: user.index };
  return buildTimeEntry(blueprint, sources, { ...owner, index, start, end: start + hourMs / 2, isLocked: false });
}

function buildTimeEntry(blueprint: Blueprint, sources: Sources, place: EntryPlace) {
  const random = blueprint.random('time entry', place.userIndex, place.index);
  const id = blueprint.id('time_entries', place.index, { parentIndex: place.userIndex, createdAt: place.start });
  const isBreak = place.end !== null && place.description === undefined && random.chance(0.03);
  const isBare = place.isBare === true || isBreak || random.chance(0.06);
  const work = isBare ? undefined : drawWork(blueprint, sources, random);
  return {
    id,
    description: place.description ?? (random.chance(0.1) ? '' : activityNote(random)),
    tagIds: place.isBare ? null : drawTags(blueprint, random),
    userId: place.userId,
    billable: work?.project?.billable ?? false,
    taskId: work?.taskId ?? null,
    projectId: work?.project?.id ?? null,
    workspaceId: blueprint.workspaceId,
    timeInterval: {
      start: formatInstant(place.start),
      end: place.end === null ? null : formatInstant(place.end),
      duration: place.end === null ? null : formatDuration(place.end - place.start),
    },
    customFieldValues: random.chance(0.1) ? drawFieldValues(sources, random, id) : [],
    type: isBreak ? 'BREAK' : 'REGULAR',
    kioskId: null,
    hourlyRate: work?.project?.hourlyRate ?? rate(0, 'USD'),
    costRate: work?.project?.costRate ?? null,
    isLocked: place.isLocked,
  };
}

function drawWork(blueprint: Blueprint, sources: Sources, random: Random) {
  const projectIndex = Math.floor(random.next() ** 2 * blueprint.counts.projects);
  const tasks = sources.taskCounts()[projectIndex] ?? 0;
  const hasTask = tasks > 0 && random.chance(0.6);
  return {
    project: sources.projects()[projectIndex],
    taskId: hasTask ? taskId(blueprint, projectIndex, random.int(0, tasks - 1)) : null,
  };
}

function drawTags(blueprint: Blueprint, random: Random): string[] | null {
  if (random.chance(0.4)) return null;
  const tag = random.int(0, blueprint.counts.tags - 1);
  const ids = [blueprint.id('tags', tag)];
  return random.chance(0.2) ? [...ids, blueprint.id('tags', (tag + 1) % blueprint.counts.tags)] : ids;
}

function drawFieldValues(sources: Sources, random: Random, timeEntryId: string) {
  const fields = entryFields(sources.customFields());
  const field = fields[random.int(0, fields.length - 1)];
  if (field === undefined) return [];
  const value = fieldValue(field.type, random.int(0, 500));
  return [{ customFieldId: field.id, timeEntryId, value, name: field.name, type: field.type }];
}
