import type { NewDelivery } from '../db/webhook-events.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { AddonError } from '../domain/errors.ts';
import type { Logger } from '../platform/logger.ts';
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
const mostInFlight = 2;
const mostWaiting = 4_000;
const mostWaitingBytes = 64 * 1024 * 1024;

/**
 * Group commit: while one batch is being committed the next one gathers, so that the number of commits does not grow
 * with the number of deliveries. What waits is bounded.
 */
export function createWebhookIntake(deps: WebhookIntakeDeps) {
  const { store, onDeliveries, log, onDepth, patienceMs = 5_000 } = deps;
  const waiting: Waiting[] = [];
  let waitingBytes = 0;
  let inFlight = 0;
  let isScheduled = false;

  function takeBatch(): Waiting[] {
    let [count, bytes] = [0, 0];
    for (const { delivery } of waiting.slice(0, mostInBatch)) {
      if (count > 0 && bytes + delivery.raw.length > mostBatchBytes) break;
      count += 1;
      bytes += delivery.raw.length;
    }
    waitingBytes -= bytes;
    const batch = waiting.splice(0, count);
    onDepth?.(waiting.length);
    return batch;
  }

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

  /** What arrives in the same turn of the event loop goes together. */
  function schedule(): void {
    if (isScheduled) return;
    isScheduled = true;
    setImmediate(pump);
  }

  return {
    /**
     * Resolves once the delivery is committed: how often it came, null when its installation is not in use. Throws
     * `storage_unavailable` when it is not stored, or when that cannot be told.
     */
    async submit(delivery: NewDelivery): Promise<number | null> {
      const bytes = delivery.raw.length;
      if (waiting.length >= mostWaiting || waitingBytes + bytes > mostWaitingBytes) throw notStored();
      const outcome = Promise.withResolvers<number | null>();
      waiting.push({ delivery, outcome });
      waitingBytes += bytes;
      onDepth?.(waiting.length);
      schedule();
      const timer = setTimeout(() => outcome.reject(notStored()), patienceMs);
      return outcome.promise.finally(() => clearTimeout(timer));
    },
  };
}

const notStored = (): AddonError =>
  new AddonError('storage_unavailable', 'The delivery could not be stored. Please repeat it.');
