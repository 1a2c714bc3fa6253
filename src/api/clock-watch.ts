import { setTimeout as sleep } from 'node:timers/promises';
import { largestClockSkewSeconds } from '../domain/diagnosis.ts';
import type { Logger } from '../platform/logger.ts';

export interface ClockWatchDeps {
  /** How far our clock is ahead of the database's, in milliseconds. */
  readonly measure: () => Promise<number>;
  readonly log: Logger;
  readonly pauseMs?: number;
}

export type ClockWatch = ReturnType<typeof createClockWatch>;

/** Compares our clock with the database's at the start and every minute, and raises the alarm in the log. */
export function createClockWatch({ measure, log, pauseMs = 60_000 }: ClockWatchDeps) {
  const stopping = new AbortController();
  let running: Promise<void> | undefined;

  async function look(): Promise<void> {
    try {
      const skewSeconds = Math.round((await measure()) / 1000);
      if (Math.abs(skewSeconds) > largestClockSkewSeconds) log.error({ skewSeconds }, 'clock differs from database');
    } catch (error) {
      log.warn({ err: error }, 'clock of the database not read');
    }
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      await look();
      await sleep(pauseMs, undefined, { signal: stopping.signal }).catch(() => {});
    }
  }

  return {
    start: (): void => void (running ??= run()),
    async stop(): Promise<void> {
      stopping.abort();
      await running;
    },
  };
}
