import type { Row } from '../world/types.ts';
import { isAcknowledged, type Delivery, type DeliveryAttempt } from './delivery.ts';

const keptMs = 7 * 24 * 3_600_000;

interface LogSearch {
  /** Epoch milliseconds. */
  readonly from: number;
  readonly to: number;
  /** SUCCEEDED and FAILED; anything else takes both. */
  readonly status: unknown;
  readonly isNewestFirst: boolean;
  readonly nowMs: number;
}

/** The attempts at one webhook as its log shows them, of the last seven days; unanswered ones have status 0. */
export function findLogs(deliveries: readonly Delivery[], hookId: string, search: LogSearch): readonly Row[] {
  const found = deliveries
    .filter((delivery) => delivery.hookId === hookId)
    .flatMap((delivery) => delivery.attempts.map((attempt) => ({ delivery, attempt })))
    .filter(({ attempt }) => isWanted(attempt, search))
    .toSorted((left, right) => left.attempt.at - right.attempt.at);
  const rows = found.map(({ delivery, attempt }) => present(delivery, attempt));
  return search.isNewestFirst ? rows.toReversed() : rows;
}

function isWanted({ at, status }: DeliveryAttempt, search: LogSearch): boolean {
  if (at < Math.max(search.from, search.nowMs - keptMs) || at > search.to) return false;
  if (search.status === 'SUCCEEDED') return isAcknowledged(status);
  return search.status !== 'FAILED' || !isAcknowledged(status);
}

/** `webhookEventStatusId` is the same for every attempt of a delivery. */
function present({ id, hookId, body }: Delivery, { idempotencyKey, status, answer, at, ms }: DeliveryAttempt): Row {
  return {
    id: idempotencyKey.replaceAll('-', '').slice(0, 24),
    webhookId: hookId,
    webhookEventStatusId: id,
    statusCode: status ?? 0,
    requestBody: body.toString(),
    responseBody: answer,
    respondedAt: new Date(at + ms).toISOString(),
  };
}
