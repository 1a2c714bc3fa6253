import { setTimeout as sleep } from 'node:timers/promises';
import type { DeliveryResult } from '../db/outbox.ts';
import type { Logger } from '../platform/logger.ts';

export interface OutboxRelayDeps {
  /** Delivers one batch. */
  readonly deliver: () => Promise<DeliveryResult>;
  /** Done before each batch; false when there is no use in delivering. */
  readonly prepare: () => Promise<boolean>;
  readonly log: Logger;
  readonly pollMs?: number;
}

export type OutboxRelay = ReturnType<typeof createOutboxRelay>;

const longestPauseMs = 5_000;

/** Empties the outbox in the background: at once when woken, else every second, and more slowly while it fails. */
export function createOutboxRelay({ deliver, prepare, log, pollMs = 1_000 }: OutboxRelayDeps) {
  const stopping = new AbortController();
  let nudge = new AbortController();
  let running: Promise<void> | undefined;

  /** True when another batch may follow at once. */
  async function relayOnce(): Promise<{ readonly isMore: boolean; readonly isFailing: boolean }> {
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
  }

  async function pause(milliseconds: number): Promise<void> {
    const signal = AbortSignal.any([stopping.signal, nudge.signal]);
    await sleep(milliseconds, undefined, { signal }).catch(() => {});
    if (nudge.signal.aborted) nudge = new AbortController();
  }

  async function run(): Promise<void> {
    let pauseMs = pollMs;
    while (!stopping.signal.aborted) {
      const { isMore, isFailing } = await relayOnce();
      pauseMs = isFailing ? Math.min(pauseMs * 2, longestPauseMs) : pollMs;
      if (!isMore) await pause(pauseMs);
    }
  }

  return {
    start: (): void => void (running ??= run()),
    /** Something was written to the outbox. */
    wake: (): void => nudge.abort(),
    /** Resolves when the batch under way has ended. */
    async stop(): Promise<void> {
      stopping.abort();
      await running;
    },
  };
}
