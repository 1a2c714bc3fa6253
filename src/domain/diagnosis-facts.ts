import type { BudgetStatus } from './bootstrap-status.ts';
import type { EntityType } from './entities.ts';
import type { ErrorCode } from './errors.ts';

/** What became of one small read; `not_tried`: its parent was missing, or an earlier answer made it pointless. */
export type ProbeOutcome = 'ok' | 'not_tried' | ErrorCode;

/** The first read that needs a permission, as the copy makes it, but of one row. */
export interface Probe {
  readonly scope: string;
  readonly entity: EntityType;
  readonly base: 'api' | 'reports';
  readonly outcome: ProbeOutcome;
}

/** All that the self-test found out; what it means is decided elsewhere. */
export interface DiagnosisFacts {
  readonly hosts: { readonly apiUrl: string; readonly reportsUrl: string | null };
  /** What became of reading the workspace, the first request. */
  readonly workspace: ProbeOutcome;
  /** Null while the workspace could not be read. */
  readonly plan: string | null;
  readonly features: readonly string[] | null;
  /** Null: left out, to spare a small quota. */
  readonly probes: readonly Probe[] | null;
  readonly budget: BudgetStatus;
  readonly webhooks: {
    /** Events that Clockify has. */
    readonly known: number;
    readonly declared: number;
    /** Webhooks whose tokens the installation brought. */
    readonly registered: number;
  };
  readonly clocks: {
    /** How far ours is ahead of the database's. */
    readonly aheadOfDatabaseMs: number;
    /** How far Clockify's is ahead of ours; null while it has not answered. */
    readonly clockifyAheadMs: number | null;
  };
}
