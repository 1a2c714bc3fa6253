import { setTimeout as sleep } from 'node:timers/promises';
import type { InstallationRef } from '../domain/contract.ts';
import { AddonError } from '../domain/errors.ts';
import type { StreamEndCode } from '../domain/status-events.ts';
import type { Logger } from '../platform/logger.ts';

export interface Listener {
  /** Called once: no further look is taken for this listener. */
  onEnd(code: StreamEndCode): void;
}

export interface Topic<L extends Listener> {
  readonly ref: InstallationRef;
  readonly listeners: Set<L>;
}

export interface LookoutDeps<L extends Listener> {
  /** One look for all listeners of an installation. An error that it throws ends them with its code. */
  readonly look: (topic: Topic<L>) => Promise<void>;
  /** Called for each listener that joins, before the next look. */
  readonly onJoin?: (topic: Topic<L>, listener: L) => void;
  readonly log: Logger;
  readonly everyMs: number;
  /** Of one installation. */
  readonly mostListeners: number;
}

export interface Lookout<L extends Listener> {
  /** Begins to tell; calling the answer stops it. Throws `too_many_requests` when too many listen already. */
  listen(ref: InstallationRef, listener: L): () => void;
  /** Ends all listeners, and resolves when no look is under way. */
  close(): Promise<void>;
}

/** Looks again and again while somebody listens: once for all listeners of an installation, however many they are. */
export function createLookout<L extends Listener>(deps: LookoutDeps<L>): Lookout<L> {
  const { look, onJoin, log, everyMs, mostListeners } = deps;
  const topics = new Map<string, Topic<L>>();
  const followed = new Set<Promise<void>>();
  const closing = new AbortController();

  async function tryToLook(topic: Topic<L>): Promise<void> {
    try {
      await look(topic);
    } catch (error) {
      if (!(error instanceof AddonError)) log.error({ err: error, workspaceId: topic.ref.workspaceId }, 'look failed');
      endAll(topic, error instanceof AddonError ? error.code : 'internal_error');
    }
  }

  async function follow(topic: Topic<L>): Promise<void> {
    while (topic.listeners.size > 0) {
      await tryToLook(topic);
      await sleep(everyMs, undefined, { signal: closing.signal }).catch(() => {});
    }
    topics.delete(keyOf(topic.ref));
  }

  function join(ref: InstallationRef, listener: L): void {
    const topic = topics.get(keyOf(ref)) ?? { ref, listeners: new Set<L>() };
    if (topic.listeners.size >= mostListeners) throw tooManyListeners();
    topic.listeners.add(listener);
    onJoin?.(topic, listener);
    if (topics.has(keyOf(ref))) return;
    topics.set(keyOf(ref), topic);
    const following = follow(topic).finally(() => followed.delete(following));
    followed.add(following);
  }

  return {
    listen(ref, listener) {
      if (closing.signal.aborted) listener.onEnd('server_stopping');
      else join(ref, listener);
      return () => void topics.get(keyOf(ref))?.listeners.delete(listener);
    },
    async close() {
      closing.abort();
      for (const topic of topics.values()) endAll(topic, 'server_stopping');
      await Promise.all(followed);
    },
  };
}

const keyOf = ({ workspaceId, addonId }: InstallationRef): string => `${workspaceId}/${addonId}`;

function endAll<L extends Listener>(topic: Topic<L>, code: StreamEndCode): void {
  for (const listener of topic.listeners) listener.onEnd(code);
  topic.listeners.clear();
}

const tooManyListeners = (): AddonError =>
  new AddonError('too_many_requests', 'Too many pages of this workspace are open.');
