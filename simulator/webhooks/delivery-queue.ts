import { createRandom, type Random } from '../world/random.ts';
import { isAcknowledged, type Delivery } from './delivery.ts';
import type { KnownHook } from './hook.ts';
import type { PlatformClock } from './platform-clock.ts';
import type { Poster } from './post.ts';
import { sendDelivery } from './send-delivery.ts';
import type { WebhookSettings } from './settings.ts';

const maxAttempts = 6;
const shortestRetryMs = 14_000;
const longestRetryMs = 70_000;
const longestCollectMs = 1_000;

/** What a chance is about; each delivery draws one stream for each. Retries follow by their number. */
const subjects = { drop: 0, delay: 1, duplicate: 2, retries: 3 } as const;

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

  const draw = ({ number }: Delivery, subject: number) => createRandom(settings().seed, number, subject);

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
    if (!isRepeat) delivery.state = known === undefined ? 'cancelled' : 'sending';
    if (known === undefined) return;
    const { timeoutMs } = settings();
    delivery.attempts.push(await sendDelivery(delivery, known.hook, { poster, timeoutMs, at: now() }));
    if (!isRepeat) decide(delivery);
  }

  /** What becomes of a delivery after an attempt. */
  function decide(delivery: Delivery): void {
    const { attempts } = delivery;
    if (isAcknowledged(attempts.at(-1)?.status)) {
      delivery.state = 'acknowledged';
      if (draw(delivery, subjects.duplicate).chance(settings().duplicate)) again(delivery);
      return;
    }
    delivery.state = attempts.length < maxAttempts ? 'waiting' : 'given-up';
    if (delivery.state === 'waiting') again(delivery);
  }

  function again(delivery: Delivery): void {
    const random = draw(delivery, subjects.retries + delivery.attempts.length);
    clock.after(random.int(shortestRetryMs, longestRetryMs), () => {
      due.add(delivery);
      pump();
    });
  }

  return {
    add(delivery: Delivery): void {
      const { drop, delayMs } = settings();
      if (draw(delivery, subjects.drop).chance(drop)) delivery.state = 'dropped';
      else if (delayMs === 0) collect(delivery);
      else clock.after(draw(delivery, subjects.delay).int(0, delayMs), () => collect(delivery));
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

function shuffle<T>(list: readonly T[], random: Random): T[] {
  return list
    .map((item) => ({ item, place: random.next() }))
    .toSorted((left, right) => left.place - right.place)
    .map(({ item }) => item);
}
