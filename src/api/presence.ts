import type { Logger } from '../platform/logger.ts';
import { createPoller } from './poller.ts';
import type { Poller } from './poller.ts';

export interface PresenceDeps {
  /** Notes in the database that deliveries can be taken; see `noteAlive`. */
  readonly note: () => Promise<void>;
  readonly log: Logger;
  readonly pollMs?: number;
}

/** Says every half minute that deliveries can be taken and stored, so that a time when they could not is noticed. */
export const createPresence = ({ note, log, pollMs = 30_000 }: PresenceDeps): Poller =>
  createPoller({
    pollMs,
    async turn() {
      try {
        await note();
        return { isMore: false, isFailing: false };
      } catch (error) {
        log.warn({ err: error }, 'presence not noted');
        return { isMore: false, isFailing: true };
      }
    },
  });
