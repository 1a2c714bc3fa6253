import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { BootstrapStatus } from '../domain/bootstrap-status.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { AddonError } from '../domain/errors.ts';
import type { StreamEndCode } from '../domain/status-events.ts';
import type { Logger } from '../platform/logger.ts';

export interface StatusSnapshot {
  /** A hash of the content: equal exactly when nothing has changed. */
  readonly id: string;
  readonly status: BootstrapStatus;
}

interface StatusListener {
  /** Called after every look, also when nothing has changed. */
  onStatus(snapshot: StatusSnapshot): void;
  /** Called once: no further look is taken for this listener. */
  onEnd(code: StreamEndCode): void;
}

export interface StatusFeedDeps {
  /** Throws when the installation may not be shown any more, which ends its listeners with the error's code. */
  readonly load: (ref: InstallationRef) => Promise<BootstrapStatus>;
  readonly log: Logger;
  readonly everyMs?: number;
  /** Of one installation. */
  readonly mostListeners?: number;
}

export interface StatusFeed {
  /** Begins to tell; calling the answer stops it. Throws `too_many_requests` when too many listen already. */
  listen(ref: InstallationRef, listener: StatusListener): () => void;
  /** Ends all listeners, and resolves when no look is under way. */
  close(): Promise<void>;
}

interface Topic {
  readonly ref: InstallationRef;
  readonly listeners: Set<StatusListener>;
  latest?: StatusSnapshot | undefined;
}

/** Looks at a status while somebody listens: once for all listeners of an installation, however many they are. */
export function createStatusFeed({ load, log, everyMs = 1_000, mostListeners = 20 }: StatusFeedDeps): StatusFeed {
  const topics = new Map<string, Topic>();
  const followed = new Set<Promise<void>>();
  const closing = new AbortController();

  async function look(topic: Topic): Promise<void> {
    try {
      const status = await load(topic.ref);
      const snapshot = { id: hashOf(status), status };
      topic.latest = snapshot;
      for (const listener of topic.listeners) listener.onStatus(snapshot);
    } catch (error) {
      if (!(error instanceof AddonError))
        log.error({ err: error, workspaceId: topic.ref.workspaceId }, 'status not loaded');
      endAll(topic, error instanceof AddonError ? error.code : 'internal_error');
    }
  }

  async function follow(topic: Topic): Promise<void> {
    while (topic.listeners.size > 0) {
      await look(topic);
      await sleep(everyMs, undefined, { signal: closing.signal }).catch(() => {});
    }
    topics.delete(keyOf(topic.ref));
  }

  function join(ref: InstallationRef, listener: StatusListener): void {
    const topic = topics.get(keyOf(ref)) ?? { ref, listeners: new Set() };
    if (topic.listeners.size >= mostListeners) throw tooManyListeners();
    topic.listeners.add(listener);
    if (topic.latest !== undefined) listener.onStatus(topic.latest);
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

function endAll(topic: Topic, code: StreamEndCode): void {
  topic.latest = undefined;
  for (const listener of topic.listeners) listener.onEnd(code);
  topic.listeners.clear();
}

const hashOf = (status: BootstrapStatus): string =>
  createHash('sha256').update(JSON.stringify(status)).digest('base64url').slice(0, 22);

const tooManyListeners = (): AddonError =>
  new AddonError('too_many_requests', 'Too many pages of this workspace are open.');
