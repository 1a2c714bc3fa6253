import { createHash } from 'node:crypto';
import type { BootstrapStatus } from '../domain/bootstrap-status.ts';
import type { InstallationRef } from '../domain/contract.ts';
import type { Logger } from '../platform/logger.ts';
import { createLookout } from './lookout.ts';
import type { Listener, Lookout, Topic } from './lookout.ts';

export interface StatusSnapshot {
  /** A hash of the content: equal exactly when nothing has changed. */
  readonly id: string;
  readonly status: BootstrapStatus;
}

interface StatusListener extends Listener {
  /** Called after every look, also when nothing has changed. */
  onStatus(snapshot: StatusSnapshot): void;
}

export interface StatusFeedDeps {
  /** Throws when the installation may not be shown any more, which ends its listeners with the error's code. */
  readonly load: (ref: InstallationRef) => Promise<BootstrapStatus>;
  readonly log: Logger;
  readonly everyMs?: number;
  /** Of one installation. */
  readonly mostListeners?: number;
}

export type StatusFeed = Lookout<StatusListener>;

/** Tells a status while somebody listens, and at once what is known to a listener who comes later. */
export function createStatusFeed({ load, log, everyMs = 1_000, mostListeners = 20 }: StatusFeedDeps): StatusFeed {
  const latest = new WeakMap<Topic<StatusListener>, StatusSnapshot>();

  async function look(topic: Topic<StatusListener>): Promise<void> {
    const status = await load(topic.ref).catch((error: unknown) => {
      latest.delete(topic);
      throw error;
    });
    const snapshot = { id: hashOf(status), status };
    latest.set(topic, snapshot);
    for (const listener of topic.listeners) listener.onStatus(snapshot);
  }

  return createLookout<StatusListener>({
    look,
    onJoin(topic, listener) {
      const snapshot = latest.get(topic);
      if (snapshot !== undefined) listener.onStatus(snapshot);
    },
    log,
    everyMs,
    mostListeners,
  });
}

const hashOf = (status: BootstrapStatus): string =>
  createHash('sha256').update(JSON.stringify(status)).digest('base64url').slice(0, 22);
