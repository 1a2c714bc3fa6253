import type { ErrorCode } from './errors.ts';
import type { EntityType } from './entities.ts';

export type RunStatus =
  | 'NOT_STARTED'
  | 'PENDING'
  | 'RUNNING'
  | 'PAUSED'
  | 'COMPLETED'
  | 'COMPLETED_WITH_WARNINGS'
  | 'COMPLETED_WITH_ERRORS'
  | 'FAILED'
  | 'CANCELLED';

/** `skipped`: closed by plan, feature, scope or the run's options; the reason says which. */
export type EntityState = 'waiting' | 'reading' | 'read' | 'skipped' | 'failed';

/** How we know how many rows there should be. */
export type Evidence = 'count' | 'last_page' | 'whole_list' | 'single_object' | 'every_parent';

/** One line of progress. Numbers only grow within a run. */
export interface EntityStatus {
  readonly entity: EntityType;
  /** The run that all of this is of: the newest, or the last that read this kind. */
  readonly runId: string;
  readonly state: EntityState;
  /** Pages committed in its run. */
  readonly pages: number;
  /** Rows that came in its run: one that moves while the list is read may come twice. */
  readonly rows: number;
  /** Distinct rows of them that the mirror holds; null until all has been read. */
  readonly stored: number | null;
  /** Rows Clockify says there are; null while unknown. */
  readonly expected: number | null;
  /** True only with evidence; null until the entity has been read. */
  readonly complete: boolean | null;
  readonly evidence: Evidence | null;
  /** Why it is skipped, failed or not complete. */
  readonly reason: string | null;
  readonly ratePerSecond: number | null;
  readonly etaSeconds: number | null;
  readonly lastError: string | null;
  readonly lastErrorCode: ErrorCode | null;
  /** When a run last read it whole, with proof; null: never. ISO 8601 in UTC. */
  readonly lastFullScanAt: string | null;
  /** Up to when the feeds of changes were read for it; null: never. ISO 8601 in UTC. */
  readonly lastDeltaAt: string | null;
  /** When a webhook last had it fetched again; null: never. ISO 8601 in UTC. */
  readonly lastEventAt: string | null;
  /** Changes that were found by the feeds or by reading it again although events should have told of them. */
  readonly missed: number;
}

/** The rows of a kind as people count them. */
export const countRows = ({ rows, stored }: Pick<EntityStatus, 'rows' | 'stored'>): number => stored ?? rows;

/** The request budget of a workspace. */
export interface BudgetStatus {
  /** Requests a second that the workspace may use in this run. */
  readonly limitPerSecond: number;
  /** Requests answered in the last second. */
  readonly usedLastSecond: number;
  /** Requests an hour; null: none is known. */
  readonly hourlyLimit: number | null;
  /** Requests granted in the last hour; null without an hourly limit. */
  readonly hourlyUsed: number | null;
  /** Until when Clockify asked us to wait; null: it did not, or it is over. ISO 8601 in UTC. */
  readonly pausedUntil: string | null;
}

/** The answer of `GET /bootstrap/{workspaceId}/status`. Times are ISO 8601 in UTC. */
export interface BootstrapStatus {
  readonly workspaceId: string;
  readonly runId: string | null;
  readonly status: RunStatus;
  readonly startedAt: string | null;
  readonly finishedAt: string | null;
  /** When a run last ended complete. */
  readonly lastBootstrapAt: string | null;
  /** There was no run yet, and the workspace wants one without being asked: the first visit of an admin starts it. */
  readonly startsOnVisit: boolean;
  /** Requests sent to Clockify in this run. */
  readonly requests: number;
  readonly budget: BudgetStatus;
  readonly entities: readonly EntityStatus[];
}
