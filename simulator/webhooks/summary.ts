import { isAcknowledged, type Delivery, type DeliveryState } from './delivery.ts';

export interface DeliverySummary {
  readonly deliveries: number;
  readonly attempts: number;
  /** Ended by a 2xx. */
  readonly acknowledged: number;
  /** Waiting for an attempt, or in one. */
  readonly unacknowledged: number;
  readonly givenUp: number;
  /** Their webhook was switched off or went away first. */
  readonly cancelled: number;
  /** Lost on purpose before the first attempt. */
  readonly dropped: number;
  /** Attempts after a 2xx. */
  readonly repeatedAfter2xx: number;
  readonly events: Readonly<Record<string, number>>;
  /** Attempts by the status answered; `none` without an answer. */
  readonly statuses: Readonly<Record<string, number>>;
}

/** Counts deliveries by what became of them. */
export function summariseDeliveries(deliveries: readonly Delivery[]): DeliverySummary {
  const attempts = deliveries.flatMap((delivery) => delivery.attempts);
  const inState = (...states: readonly DeliveryState[]) =>
    deliveries.filter(({ state }) => states.includes(state)).length;
  return {
    deliveries: deliveries.length,
    attempts: attempts.length,
    acknowledged: inState('acknowledged'),
    unacknowledged: inState('waiting', 'sending'),
    givenUp: inState('given-up'),
    cancelled: inState('cancelled'),
    dropped: inState('dropped'),
    repeatedAfter2xx: deliveries.reduce((sum, delivery) => sum + repeatsOf(delivery), 0),
    events: countBy(deliveries, ({ event }) => event),
    statuses: countBy(attempts, ({ status }) => String(status ?? 'none')),
  };
}

function repeatsOf({ attempts }: Delivery): number {
  const first = attempts.findIndex(({ status }) => isAcknowledged(status));
  return first === -1 ? 0 : attempts.length - 1 - first;
}

function countBy<T>(items: readonly T[], nameOf: (item: T) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const item of items) counts[nameOf(item)] = (counts[nameOf(item)] ?? 0) + 1;
  return counts;
}
