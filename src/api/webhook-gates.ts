import type { WebhookGate } from '../db/webhook-events.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { AddonError } from '../domain/errors.ts';

export interface WebhookGatesOptions {
  readonly load: (refs: readonly InstallationRef[]) => Promise<(WebhookGate | undefined)[]>;
  /** Milliseconds for which an answer is good. */
  readonly lifetimeMs?: number;
  readonly clock?: () => number;
}

export type WebhookGates = ReturnType<typeof createWebhookGates>;

interface Waiting {
  readonly ref: InstallationRef;
  readonly answer: PromiseWithResolvers<WebhookGate | undefined>;
}

const mostInOneLoad = 200;
const mostWaiting = 2_000;

/**
 * What decides about the deliveries of an installation, as it was at most a second ago. Installations that are asked for
 * while the database answers are asked for together, so that strangers cost it little.
 */
export function createWebhookGates({ load, lifetimeMs = 1_000, clock = () => performance.now() }: WebhookGatesOptions) {
  let known = new Map<string, Promise<WebhookGate | undefined>>();
  let begunAt = clock();
  let waiting: Waiting[] = [];
  let loading: Promise<void> | undefined;

  async function loadAll(): Promise<void> {
    while (waiting.length > 0) {
      const batch = waiting.splice(0, mostInOneLoad);
      try {
        const gates = await load(batch.map(({ ref }) => ref));
        batch.forEach(({ answer }, index) => answer.resolve(gates[index]));
      } catch (error) {
        for (const { answer } of batch) answer.reject(error);
      }
    }
  }

  function ask(key: string, ref: InstallationRef): Promise<WebhookGate | undefined> {
    if (waiting.length >= mostWaiting) throw new AddonError('storage_unavailable', 'Too many deliveries wait.');
    const answer = Promise.withResolvers<WebhookGate | undefined>();
    waiting.push({ ref, answer });
    const cache = known;
    cache.set(key, answer.promise);
    answer.promise.catch(() => cache.delete(key));
    loading ??= loadAll().finally(() => (loading = undefined));
    return answer.promise;
  }

  return {
    /** Undefined for an installation that is not known. Throws what loading throws. */
    async find(ref: InstallationRef): Promise<WebhookGate | undefined> {
      if (clock() - begunAt >= lifetimeMs) {
        known = new Map();
        begunAt = clock();
      }
      const key = keyOf(ref);
      return known.get(key) ?? ask(key, ref);
    },
  };
}

const keyOf = ({ workspaceId, addonId }: InstallationRef): string => `${workspaceId}:${addonId}`;
