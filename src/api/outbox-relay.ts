import type { DeliveryResult } from '../db/outbox.ts';
import type { Logger } from '../platform/logger.ts';
import { createPoller } from './poller.ts';
import type { Poller } from './poller.ts';

export interface OutboxRelayDeps {
  /** Delivers one batch. */
  readonly deliver: () => Promise<DeliveryResult>;
  /** Done before each batch; false when there is no use in delivering. */
  readonly prepare: () => Promise<boolean>;
  readonly log: Logger;
  readonly pollMs?: number;
}

export type OutboxRelay = Poller;

/** Empties the outbox in the background: at once when woken, else every second, and more slowly while it fails. */
export function createOutboxRelay({ deliver, prepare, log, pollMs = 1_000 }: OutboxRelayDeps): OutboxRelay {
  return createPoller({
    pollMs,
    async turn() {
      try {
        if (!(await prepare())) return { isMore: false, isFailing: true };
        const { delivered, failures } = await deliver();
        for (const { message, error } of failures) {
          log.warn({ err: error, event: message.event, ...message.payload }, 'outbox message kept');
        }
        return { isMore: delivered > 0, isFailing: failures.length > 0 };
      } catch (error) {
        log.warn({ err: error }, 'outbox not reachable');
        return { isMore: false, isFailing: true };
      }
    },
  });
}
