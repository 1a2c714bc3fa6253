import type { EntityType } from './entities.ts';

/** `mirror`: counted in the rows we hold; `probes`: from a few requests, because there is no copy yet. */
export type EstimateBasis = 'mirror' | 'probes';

/** What reading one kind of rows will cost. */
export interface EntityCost {
  readonly entity: EntityType;
  readonly calls: number;
  /** Calls it may be off by, either way. */
  readonly margin: number;
  /** Rows it is expected to bring. */
  readonly rows: number;
  readonly basis: EstimateBasis;
}

/** The answer of `POST /bootstrap/{workspaceId}/estimate`: what a run with these options would cost. */
export interface CostEstimate {
  readonly calls: number;
  /** Calls it may be off by, either way. */
  readonly margin: number;
  /** At the pace below, and without waiting for anything else that the workspace is asked for. */
  readonly minutes: number;
  /** `probes` as soon as one kind of rows had to be asked for. */
  readonly basis: EstimateBasis;
  readonly entities: readonly EntityCost[];
  /** Requests that the estimate itself sent to Clockify. */
  readonly requests: number;
  /** The workspace's subscription; null while unknown. */
  readonly plan: string | null;
  readonly pace: {
    readonly requestsPerSecond: number;
    /** Null: no hourly limit is known. */
    readonly requestsPerHour: number | null;
  };
  /** What to know about the numbers; sentences for people. */
  readonly notes: readonly string[];
}
