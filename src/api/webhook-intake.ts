import type { NewDelivery } from '../db/webhook-events.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { AddonError } from '../domain/errors.ts';
import type { Logger } from '../platform/logger.ts';
import { largeBytes } from './ingest-limit.ts';
import { isDataFault } from './storage.ts';

export interface WebhookIntakeDeps {
  /** One transaction for all: how often each came, null for one whose installation is not in use. */
  readonly store: (deliveries: readonly NewDelivery[]) => Promise<(number | null)[]>;
  /** Called after each commit with the installations that have something to process. */
  readonly onDeliveries: (refs: readonly InstallationRef[]) => void;
  readonly log: Logger;
  /** Called with the number of deliveries that wait, whenever it changes. */
  readonly onDepth?: (waiting: number) => void;
  /** Milliseconds after which a delivery is answered although its commit may still come. */
  readonly patienceMs?: number;
}

export type WebhookIntake = ReturnType<typeof createWebhookIntake>;

interface Waiting {
  readonly delivery: NewDelivery;
  readonly outcome: PromiseWithResolvers<number | null>;
}

const mostInBatch = 256;
const mostBatchBytes = 8 * 1024 * 1024;
const mostWaiting = 4_000;
const mostWaitingBytes = 64 * 1024 * 1024;

/** Batches that are being committed at once. */
const usualInFlight = 2;
const largeInFlight = 1;

/**
 * Group commit: while one batch is being committed the next one gathers, so that the number of commits does not grow
 * with the number of deliveries. Large deliveries have commits of their own, for which no small one waits, and pauses in
 * between. What waits is bounded.
 */
export function createWebhookIntake(deps: WebhookIntakeDeps) {
  const { onDepth, patienceMs = 5_000 } = deps;
  let waiting = 0;
  let waitingBytes = 0;

  function count(deliveries: number, bytes: number): void {
    waiting += deliveries;
    waitingBytes += bytes;
    onDepth?.(waiting);
  }

  const commit = createCommit(deps);
  const onTaken = (deliveries: number, bytes: number): void => count(-deliveries, -bytes);
  const usual = createLane({ commit, onTaken, mostInFlight: usualInFlight });
  const large = createLane({ commit: withRest(commit), onTaken, mostInFlight: largeInFlight });

  return {
    /**
     * Resolves once the delivery is committed: how often it came, null when its installation is not in use. Throws
     * `storage_unavailable` when it is not stored, or when that cannot be told.
     */
    async submit(delivery: NewDelivery): Promise<number | null> {
      const bytes = delivery.raw.length;
      if (waiting >= mostWaiting || waitingBytes + bytes > mostWaitingBytes) throw notStored();
      const outcome = Promise.withResolvers<number | null>();
      count(1, bytes);
      (bytes > largeBytes ? large : usual).push({ delivery, outcome });
      const timer = setTimeout(() => outcome.reject(notStored()), patienceMs);
      return outcome.promise.finally(() => clearTimeout(timer));
    },
  };
}

type Commit = (batch: readonly Waiting[]) => Promise<void>;

/** Stores a batch, and tells everybody in it what came of it. */
function createCommit({ store, onDeliveries, log }: WebhookIntakeDeps): Commit {
  async function commit(batch: readonly Waiting[]): Promise<void> {
    let counts: (number | null)[];
    try {
      counts = await store(batch.map(({ delivery }) => delivery));
    } catch (error) {
      return fail(batch, error);
    }
    batch.forEach(({ outcome }, index) => outcome.resolve(counts[index] ?? null));
    announce(batch.filter((_, index) => typeof counts[index] === 'number'));
  }

  /** A fault that may lie in one delivery must not cost the others theirs. */
  async function fail(batch: readonly Waiting[], error: unknown): Promise<void> {
    if (batch.length > 1 && isDataFault(error)) {
      for (const one of batch) await commit([one]);
      return;
    }
    log.error({ err: error, deliveries: batch.length }, 'deliveries not stored');
    for (const { outcome } of batch) outcome.reject(notStored());
  }

  function announce(stored: readonly Waiting[]): void {
    const refs = new Map(
      stored
        .filter(({ delivery }) => delivery.fault === null)
        .map(({ delivery: { workspaceId, addonId } }) => [`${workspaceId}:${addonId}`, { workspaceId, addonId }]),
    );
    if (refs.size > 0) onDeliveries([...refs.values()]);
  }

  return commit;
}

/** Longer than it takes to commit what fits in a batch; a commit that hung is no reason to rest as long. */
const longestRestMs = 500;

/** Rests after each as long as it took, so that the database has as much time for everybody else. */
function withRest(commit: Commit): Commit {
  return async function commitAndRest(batch) {
    const startedAt = performance.now();
    await commit(batch);
    const restMs = Math.min(longestRestMs, performance.now() - startedAt);
    await new Promise((resolve) => setTimeout(resolve, restMs));
  };
}

interface LaneOptions {
  readonly commit: Commit;
  /** Called with the deliveries and the bytes that wait no longer. */
  readonly onTaken: (deliveries: number, bytes: number) => void;
  /** Batches that are being committed at once. */
  readonly mostInFlight: number;
}

/** What waits in one line. */
function createLane({ commit, onTaken, mostInFlight }: LaneOptions) {
  const waiting: Waiting[] = [];
  let inFlight = 0;
  let isScheduled = false;

  function takeBatch(): Waiting[] {
    let [count, bytes] = [0, 0];
    for (const { delivery } of waiting.slice(0, mostInBatch)) {
      if (count > 0 && bytes + delivery.raw.length > mostBatchBytes) break;
      count += 1;
      bytes += delivery.raw.length;
    }
    onTaken(count, bytes);
    return waiting.splice(0, count);
  }

  function pump(): void {
    isScheduled = false;
    while (inFlight < mostInFlight && waiting.length > 0) {
      inFlight += 1;
      void commit(takeBatch()).finally(() => {
        inFlight -= 1;
        pump();
      });
    }
  }

  return {
    /** What arrives in the same turn of the event loop goes together. */
    push(one: Waiting): void {
      waiting.push(one);
      if (isScheduled) return;
      isScheduled = true;
      setImmediate(pump);
    },
  };
}

const notStored = (): AddonError =>
  new AddonError('storage_unavailable', 'The delivery could not be stored. Please repeat it.');
