import type { StreamEndCode } from './status-events.ts';

/**
 * `received`: waits for its processing. `processed`: its entity was read again. `quarantined`: authentic, but not to be
 * understood. `parked`: its processing failed too often.
 */
export const deliveryStates = ['received', 'processed', 'quarantined', 'parked'] as const;

export type DeliveryState = (typeof deliveryStates)[number];

/** A delivery as the inbox lists it. Times are ISO 8601 in UTC. */
export interface InboxLine {
  readonly id: string;
  readonly event: string;
  readonly state: DeliveryState;
  /** How often it came. */
  readonly deliveries: number;
  /** Times its processing was tried since it last came. */
  readonly attempts: number;
  readonly receivedAt: string;
  readonly lastReceivedAt: string;
  readonly processedAt: string | null;
  /** From its last coming to the end of its processing, in milliseconds. */
  readonly latencyMs: number | null;
  readonly effect: string | null;
  readonly entityType: string | null;
  readonly entityId: string | null;
  /** Why it is quarantined or parked, or what its last try failed with. */
  readonly reason: string | null;
  /** Of two readings of a line the later one counts. */
  readonly changedAt: string;
}

/** What a delivery was about, as the mirror has it now. */
export interface InboxEntity {
  readonly type: string;
  readonly id: string;
  /** Null: the mirror does not know it. */
  readonly version: number | null;
  readonly isDeleted: boolean;
}

/** A delivery with all that was kept of it. */
export interface InboxDetail extends InboxLine {
  readonly bytes: number;
  /** The body as it came; null when it is no UTF-8. */
  readonly text: string | null;
  /** The body in its place when it is no UTF-8. */
  readonly base64: string | null;
  /** The body with a line for each value; null when it is no JSON, or too large for that. */
  readonly formatted: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly requestId: string | null;
  /** Of the workflow that processes the deliveries of the installation. */
  readonly workflowId: string;
  readonly entity: InboxEntity | null;
}

export interface InboxPage {
  /** Newest first. */
  readonly lines: readonly InboxLine[];
  /** Given as `cursor`, it brings the lines that follow; null after the last. */
  readonly next: string | null;
}

/** The server-sent events of `GET /ui/webhooks/events`: the type of an event, and its data. */
export interface InboxEvents {
  /** Lines that are new or have changed. A line may be told more than once. */
  readonly lines: { readonly lines: readonly InboxLine[] };
  /** More has changed than is worth telling: what is shown must be loaded anew. */
  readonly reload: Readonly<Record<string, never>>;
  /** The last event of a stream. */
  readonly end: { readonly code: StreamEndCode };
}

/** What a list of deliveries is narrowed by: `from` inclusive, `to` exclusive, both of the time of receipt, ISO 8601. */
export interface InboxFilter {
  readonly event?: string | undefined;
  readonly state?: DeliveryState | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
}

/** What is processed once more: deliveries by id, or those whose processing failed; and why. */
export type ReplayOrder = ({ readonly ids: readonly string[] } | { readonly all: 'failed' }) & {
  readonly reason?: string | undefined;
};
