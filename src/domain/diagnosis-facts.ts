import type { BudgetStatus } from './bootstrap-status.ts';
import type { EntityType } from './entities.ts';
import type { ErrorCode } from './errors.ts';
import type { WebhookEvent } from './webhook-events.ts';
import type { EventLine } from './webhook-states.ts';

/** What became of one small read; `not_tried`: its parent was missing, or an earlier answer made it pointless. */
export type ProbeOutcome = 'ok' | 'not_tried' | ErrorCode;

/** The first read that needs a permission, as the copy makes it, but of one row. */
export interface Probe {
  readonly scope: string;
  readonly entity: EntityType;
  readonly base: 'api' | 'reports';
  readonly outcome: ProbeOutcome;
}

/** Clockify's newest attempt to deliver an event, by its own log. */
export interface LoggedDelivery {
  readonly event: WebhookEvent;
  /** When Clockify had its answer, ISO 8601 in UTC. */
  readonly answeredAt: string;
  /** Null: there was no answer. */
  readonly statusCode: number | null;
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
    readonly events: readonly EventLine[];
    /** When the newest delivery of an event came, ISO 8601 in UTC; absent where none came. */
    readonly received: Partial<Record<WebhookEvent, string>>;
    /** Of a few events, where Clockify opens its log; else empty. */
    readonly logged: readonly LoggedDelivery[];
  };
  readonly clocks: {
    /** How far ours is ahead of the database's. */
    readonly aheadOfDatabaseMs: number;
    /** How far Clockify's is ahead of ours; null while it has not answered. */
    readonly clockifyAheadMs: number | null;
  };
}
