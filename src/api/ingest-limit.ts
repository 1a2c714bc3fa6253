import { AddonError } from '../domain/errors.ts';

/** Places a second that one installation may take for long, and how many at once. */
const rate = 200;
const burst = 2_000;
/** A delivery takes one place for each of these that it has begun; what Clockify sends is rarely larger than one. */
const bytesOfPlace = 16 * 1024;
/** Larger than anything Clockify is known to send: the work that such deliveries make is to be in nobody's way. */
export const largeBytes = 64 * 1024;
/** Large ones fill a third of the bucket: they are not to come all at once, but two of the largest may. */
const burstOfLarge = 700;
const mostBuckets = 10_000;

/** Takes room for a delivery of so many bytes of whoever the key names. Seconds to wait, 0 when it may pass. */
export type IngestLimit = (key: string, bytes: number) => number;

/**
 * Keeps one installation from taking the room of the others: a bucket for each. `clock` in milliseconds.
 */
export function createIngestLimit(clock: () => number = () => performance.now()): IngestLimit {
  const buckets = new Map<string, { level: number; at: number }>();

  return function take(key, bytes) {
    const places = Math.max(1, Math.ceil(bytes / bytesOfPlace));
    const now = clock();
    const bucket = buckets.get(key) ?? { level: 0, at: now };
    const level = Math.max(0, bucket.level - ((now - bucket.at) * rate) / 1_000);
    const most = bytes > largeBytes ? burstOfLarge : burst;
    const isFull = level + places > most;
    // The buckets that fill are put last: those at the front are the ones to forget.
    buckets.delete(key);
    buckets.set(key, { level: isFull ? level : level + places, at: now });
    if (buckets.size > mostBuckets) buckets.delete(buckets.keys().next().value as string);
    return isFull ? Math.ceil((level + places - most) / rate) : 0;
  };
}

/** Throws `too_many_requests` unless there is nothing to wait for. */
export function assertRoom(retryAfterSeconds: number): void {
  if (retryAfterSeconds === 0) return;
  throw new AddonError('too_many_requests', 'Too many deliveries come at once.', { retryAfterSeconds });
}
