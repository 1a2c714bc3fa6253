import type { EntityType } from './entities.ts';

/** What reading one kind of rows will cost. */
export interface EntityCost {
  readonly entity: EntityType;
  readonly calls: number;
  /** Rows it is expected to bring. */
  readonly rows: number;
}

/** The answer of `POST /bootstrap/{workspaceId}/estimate`: what a run with these options would cost. */
export interface CostEstimate {
  readonly calls: number;
  readonly minutes: number;
  /** `mirror`: from the rows we hold; `probes`: from a few requests, because there is no copy yet. */
  readonly basis: 'mirror' | 'probes';
  readonly entities: readonly EntityCost[];
}
