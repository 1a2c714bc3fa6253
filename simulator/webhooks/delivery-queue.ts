import { randomUUID } from 'node:crypto';
import { createRandom } from '../world/random.ts';
import type { Delivery } from './delivery.ts';
import type { KnownHook } from './hooks.ts';
import type { PlatformClock } from './platform-clock.ts';
import type { Poster } from './post.ts';
import type { WebhookSettings } from './settings.ts';

const maxAttempts = 6;
const shortestRetryMs = 14_000;
const longestRetryMs = 70_000;
const longestCollectMs = 1_000;

interface QueueDeps {
  readonly settings: () => WebhookSettings;
  readonly clock: PlatformClock;
  readonly poster: Poster;
  /** The webhook with its token of now, while it fires. */
  readonly findLive: (hookId: string) => KnownHook | undefined;
  readonly now: () => number;
  /** Told after each attempt, and when a delivery ends without one. */
  readonly onStep: () => void;
}

/**
 * Sends deliveries until a 2xx ends them: at most six times, 14 to 70 s apart, a few at once and in no promised order.
 * What goes wrong is drawn from the seed and the number of the delivery, never from the time.
 */
export function createDeliveryQueue({ settings, clock, poster, findLive, now, onStep }: QueueDeps) {
  const due = new Set<Delivery>();
  let collected: Delivery[] = [];
  let sending = 0;
  let isClosed = false;

  /** One stream of chances per delivery and subject. */
  const draw = ({ number }: Delivery, subject: number) => createRandom(settings().seed, number, subject);

  function end(delivery: Delivery, state: Delivery['state']): void {
    delivery.state = state;
    onStep();
  }

  function collect(delivery: Delivery): void {
    collected.push(delivery);
    if (collected.length >= settings().burst) release();
    else if (collected.length === 1) clock.after(longestCollectMs, release);
  }

  function release(): void {
    const { reorder, seed } = settings();
    const batch = reorder ? shuffle(collected, createRandom(seed, collected[0]?.number ?? 0)) : collected;
    collected = [];
    for (const delivery of batch) due.add(delivery);
    pump();
  }

  function pump(): void {
    const { paused, concurrency } = settings();
    if (isClosed || paused) return;
    for (const delivery of due) {
      if (sending >= concurrency) return;
      due.delete(delivery);
      sending += 1;
      void attempt(delivery).finally(() => {
        sending -= 1;
        pump();
        onStep();
      });
    }
  }

  async function attempt(delivery: Delivery): Promise<void> {
    const known = findLive(delivery.hookId);
    const isRepeat = delivery.state === 'acknowledged';
    if (known === undefined) {
      if (!isRepeat) end(delivery, 'cancelled');
      return;
    }
    if (!isRepeat) delivery.state = 'sending';
    const status = await send(delivery, known);
    if (isRepeat) return;
    if (status !== null && status >= 200 && status < 300) {
      delivery.state = 'acknowledged';
      if (draw(delivery, 1).chance(settings().duplicate)) again(delivery);
      return;
    }
    delivery.state = delivery.attempts.length < maxAttempts ? 'waiting' : 'given-up';
    if (delivery.state === 'waiting') again(delivery);
  }

  async function send(delivery: Delivery, { hook }: KnownHook): Promise<number | null> {
    const idempotencyKey = randomUUID();
    const headers = {
      'content-type': 'application/json',
      'clockify-signature': hook.authToken,
      'clockify-webhook-event-type': delivery.event,
      'idempotency-key': idempotencyKey,
      ...delivery.headers,
    };
    const sent = Object.fromEntries(Object.entries(headers).filter((header) => header[1] !== null));
    const startedAt = performance.now();
    const at = now();
    const answer = await poster.post(hook.url, {
      headers: sent as Record<string, string>,
      body: delivery.body,
      timeoutMs: settings().timeoutMs,
    });
    const ms = Math.round((performance.now() - startedAt) * 10) / 10;
    const status = answer?.status ?? null;
    delivery.attempts.push({ at, idempotencyKey, status, ms, answer: answer?.body ?? '' });
    return status;
  }

  function again(delivery: Delivery): void {
    clock.after(draw(delivery, 1 + delivery.attempts.length).int(shortestRetryMs, longestRetryMs), () => {
      due.add(delivery);
      pump();
    });
  }

  return {
    add(delivery: Delivery): void {
      const { drop, delayMs } = settings();
      if (draw(delivery, 0).chance(drop)) end(delivery, 'dropped');
      else if (delayMs === 0) collect(delivery);
      else clock.after(draw(delivery, 10).int(0, delayMs), () => collect(delivery));
    },
    pump,
    /** Nothing is under way, nor will be unless somebody resumes or adds. */
    get isQuiet() {
      if (sending > 0) return false;
      return settings().paused || (due.size === 0 && collected.length === 0 && clock.waiting === 0);
    },
    close(): void {
      isClosed = true;
    },
  };
}

function shuffle<T>(list: readonly T[], random: ReturnType<typeof createRandom>): T[] {
  const shuffled = [...list];
  for (let last = shuffled.length - 1; last > 0; last -= 1) {
    const other = random.int(0, last);
    [shuffled[last], shuffled[other]] = [shuffled[other] as T, shuffled[last] as T];
  }
  return shuffled;
}
