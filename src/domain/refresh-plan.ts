import { feedTypeOf } from './coverage.ts';
import type { CoverageWay } from './coverage.ts';
import type { EntityType } from './entities.ts';

/** How fresh the copy of one kind is, and what reading it whole costs. Times are epoch milliseconds. */
export interface Freshness {
  readonly entity: EntityType;
  readonly way: CoverageWay;
  /** When a run last came to its end with it, however that was. */
  readonly scannedAt: number;
  /** Requests of that reading. */
  readonly requests: number;
  /** Up to when the feeds of changes were read for it; null: never. */
  readonly deltaUntil: number | null;
}

/** What is due. */
export interface RefreshPlan {
  /** Kinds of which the feeds of changes are read. */
  readonly delta: readonly EntityType[];
  /** Kinds that are read whole again. */
  readonly rescan: readonly EntityType[];
}

export interface RefreshTerms {
  /** Requests that the workspace allows in an hour. */
  readonly requestsPerHour: number;
  readonly now: number;
  readonly feedsWork: boolean;
  /** Changes may have been missed, whatever way they come. */
  readonly isCatchingUp: boolean;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** Keeping one kind fresh takes at most this share of the workspace's requests. */
const shareOfBudget = 0.01;

/** A kind of any size is read whole in so much time, if the budget allows it or not. */
const longestRestMs = 30 * dayMs;

/** A kind is asked of three feeds. */
const feedsOfKind = 3;

/**
 * What of a copy is to be brought up to date now. Feeds lose changes, and so do webhooks: what arrives by itself is
 * compared with the feeds every hour, and every kind is read whole from time to time. The larger, the less often.
 */
export function planRefresh(kinds: readonly Freshness[], terms: RefreshTerms): RefreshPlan {
  const due = (isDue: (kind: Freshness, terms: RefreshTerms) => boolean): EntityType[] =>
    kinds.filter((kind) => isDue(kind, terms)).map(({ entity }) => entity);
  return { delta: due(isDeltaDue), rescan: due(isRescanDue) };
}

const hasFeed = ({ entity }: Freshness, { feedsWork }: RefreshTerms): boolean =>
  feedsWork && feedTypeOf[entity] !== undefined;

/** How long a kind rests after so many requests for it. */
const restMs = (requests: number, { requestsPerHour }: RefreshTerms): number =>
  (requests / (shareOfBudget * requestsPerHour)) * hourMs;

function isDeltaDue(kind: Freshness, terms: RefreshTerms): boolean {
  if (!hasFeed(kind, terms)) return false;
  const shortestMs = kind.way === 'push' ? hourMs : 0;
  const restedMs = terms.now - (kind.deltaUntil ?? kind.scannedAt);
  return terms.isCatchingUp || restedMs >= Math.max(shortestMs, restMs(feedsOfKind, terms));
}

function isRescanDue(kind: Freshness, terms: RefreshTerms): boolean {
  // A row that came and changed while nobody heard of it is in no feed, and the copy does not have it either.
  const isCheap = restMs(kind.requests, terms) <= hourMs;
  if (terms.isCatchingUp && (isCheap || !hasFeed(kind, terms))) return true;
  const rest = Math.max(shortestRescanMs(kind, terms), restMs(kind.requests, terms));
  return terms.now - kind.scannedAt >= Math.min(rest, longestRestMs);
}

/** However cheap it is, a kind is not read whole more often. */
function shortestRescanMs(kind: Freshness, terms: RefreshTerms): number {
  if (hasFeed(kind, terms)) return 7 * dayMs;
  return kind.way === 'push' ? dayMs : hourMs;
}
