import { advance, firstPage } from './paging.ts';
import type { ListProgress } from './paging.ts';
import type { ReadingRule } from './reading-rules.ts';

export interface PageLimits {
  readonly pageSize: number;
  readonly maxPages: number;
}

/** Requests that a run sends for one list of so many rows, by its own rules of when to stop; Clockify is taken at its word. */
export function countRequests(rule: ReadingRule, rows: number, { pageSize, maxPages }: PageLimits): number {
  if (rule.paging === 'single' || rule.paging === 'whole') return 1;
  // A full page before the end only leads to the next one.
  const passed = Math.max(0, Math.min(Math.floor(rows / pageSize) - 1, maxPages - 1));
  let list: ListProgress = { ...firstPage, page: passed + 1, rows: passed * pageSize };
  for (let requests = passed + 1; ; requests++) {
    const left = Math.max(0, rows - list.rows);
    const answer = {
      ids: Array.from({ length: Math.min(pageSize, left) }, String),
      digest: String(list.page),
      lastPage: left <= pageSize,
      count: rule.countAt === undefined ? null : rows,
    };
    const step = advance(list, pageSize, answer, maxPages);
    if (step.kind === 'end') return requests;
    list = step.list;
  }
}

/** How fast a workspace may be asked. */
export interface Pace {
  readonly requestsPerSecond: number;
  /** Null: no hourly limit is known. */
  readonly requestsPerHour: number | null;
}

/** A copy leaves a tenth of an hourly limit to calls that somebody waits for. */
const shareOfCopies = (requestsPerHour: number): number => requestsPerHour - Math.floor(requestsPerHour / 10);

/** Minutes that so many calls take. `usedThisHour` counts as used just now: the hour it blocks is at its longest. */
export function estimateMinutes(calls: number, pace: Pace, usedThisHour: number): number {
  const { requestsPerSecond, requestsPerHour } = pace;
  const brisk = calls / requestsPerSecond / 60;
  if (requestsPerHour === null || calls === 0) return brisk;
  const fullHours = Math.floor((usedThisHour + calls - 1) / shareOfCopies(requestsPerHour));
  return Math.max(brisk, fullHours * 60);
}
