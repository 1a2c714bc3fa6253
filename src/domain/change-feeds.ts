import { feedTypeOf } from './coverage.ts';
import type { EntityType } from './entities.ts';
import type { RefetchTarget } from './refetch-target.ts';

/** A stretch of time that a feed is asked about, as the feeds read it: whole seconds in UTC. */
export interface FeedWindow {
  readonly start: string;
  readonly end: string;
}

const longestWindowMs = 30 * 86_400_000;

/** Deletions show about a minute late, and nobody says whether bounds count; a quarter of an hour covers both. */
const overlapMs = 15 * 60_000;

/** An epoch in milliseconds as the feeds take it. */
export const toFeedTime = (at: number): string => `${new Date(at).toISOString().slice(0, 19)}Z`;

/**
 * The window that follows one read up to `readUntil`, overlapping it; both in epoch milliseconds. The feeds reach back
 * 30 days: null when more than that was missed, and only reading everything helps.
 */
export function nextFeedWindow(readUntil: number, now: number): FeedWindow | null {
  const start = readUntil - overlapMs;
  return now - start > longestWindowMs ? null : { start: toFeedTime(start), end: toFeedTime(now + 999) };
}

const idPattern = /^[0-9a-f]{24}$/;

/**
 * What to fetch again by the rows of a feed: a row is a hint that its entity changed and no more, for its document may
 * be cut short. Deletions name their document; where they do not, the row's own id is tried.
 */
export function findChanged(entity: EntityType, rows: readonly unknown[]): RefetchTarget[] {
  const documents = rows.map((row) => documentOf(row)).filter(({ id }) => idPattern.test(id));
  if (documents.length === 0) return [];
  if (entity === 'assignments') return [{ by: 'list', entity }];
  return documents.map(({ id, projectId }) => ({
    by: 'id',
    entity,
    id,
    ...(entity === 'tasks' && idPattern.test(projectId) && { parentId: projectId }),
  }));
}

function documentOf(row: unknown): { id: string; projectId: string } {
  const document = isRecord(row) && isRecord(row['document']) ? { id: row['id'], ...row['document'] } : row;
  const { id, projectId } = isRecord(document) ? document : {};
  return { id: typeof id === 'string' ? id : '', projectId: typeof projectId === 'string' ? projectId : '' };
}

const isRecord = (value: unknown): value is { readonly [name: string]: unknown } =>
  typeof value === 'object' && value !== null;

/**
 * The first id that can have been given in a window. Ids of Clockify are ObjectIds, which begin with the second of their
 * making: so those of a window can be told from older ones.
 */
export const firstIdOf = ({ start }: FeedWindow): string =>
  Math.floor(Date.parse(start) / 1000)
    .toString(16)
    .padEnd(24, '0');

/** The name a kind has in the feeds. Throws for kinds of which they do not tell. */
export function getFeedType(entity: EntityType): string {
  const type = feedTypeOf[entity];
  if (type === undefined) throw new Error(`No feed tells of ${entity}.`);
  return type;
}
