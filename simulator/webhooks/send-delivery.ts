import { randomUUID } from 'node:crypto';
import type { Delivery, DeliveryAttempt } from './delivery.ts';
import type { Hook } from './hook.ts';
import type { Poster } from './post.ts';

/** Makes one attempt. All attempts of a delivery are alike but for their idempotency key, and the token of the day. */
export async function sendDelivery(
  { event, body, headers }: Delivery,
  { url, authToken }: Hook,
  { poster, timeoutMs, at }: { readonly poster: Poster; readonly timeoutMs: number; readonly at: number },
): Promise<DeliveryAttempt> {
  const idempotencyKey = randomUUID();
  const named = {
    'content-type': 'application/json',
    'clockify-signature': authToken,
    'clockify-webhook-event-type': event,
    'idempotency-key': idempotencyKey,
    ...headers,
  };
  const sent = Object.entries(named).filter((header): header is [string, string] => header[1] !== null);
  const startedAt = performance.now();
  const answer = await poster.post(url, { headers: Object.fromEntries(sent), body, timeoutMs });
  const ms = Math.round((performance.now() - startedAt) * 10) / 10;
  return { at, idempotencyKey, status: answer?.status ?? null, ms, answer: answer?.body ?? '' };
}
