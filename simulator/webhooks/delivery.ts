/** One request, answered or not. */
export interface DeliveryAttempt {
  /** Epoch milliseconds. */
  readonly at: number;
  readonly idempotencyKey: string;
  /** Null when no answer came. */
  readonly status: number | null;
  readonly ms: number;
  /** The first 1 KiB of the answer. */
  readonly answer: string;
}

/** `acknowledged` by any 2xx; `given-up` after the last attempt; `cancelled` with its webhook; `dropped` never left. */
export type DeliveryState = 'waiting' | 'sending' | 'acknowledged' | 'given-up' | 'cancelled' | 'dropped';

/** One event on its way to one webhook. */
export interface Delivery {
  readonly id: string;
  /** Counted from 1 in its workspace; what befalls it is drawn from it. */
  readonly number: number;
  /** Epoch milliseconds of the event. */
  readonly at: number;
  readonly event: string;
  readonly workspaceId: string;
  readonly hookId: string;
  readonly body: Buffer;
  /** Hexadecimal. */
  readonly bodySha256: string;
  /** Instead of what the platform would send; null leaves a header out. */
  readonly headers: Readonly<Record<string, string | null>>;
  state: DeliveryState;
  readonly attempts: DeliveryAttempt[];
}

/** Any 2xx ends a delivery; null and undefined are no answer at all. */
export function isAcknowledged(status: number | null | undefined): boolean {
  return typeof status === 'number' && status >= 200 && status < 300;
}

/** A delivery as the ledger lists it. */
export type DeliveryLine = Omit<Delivery, 'body' | 'headers'>;

/** Everything about a delivery but what it carries. */
export function presentDelivery(delivery: Delivery): DeliveryLine {
  const { id, number, at, event, workspaceId, hookId, bodySha256, state, attempts } = delivery;
  return { id, number, at, event, workspaceId, hookId, bodySha256, state, attempts: [...attempts] };
}
