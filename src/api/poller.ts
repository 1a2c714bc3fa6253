import { setTimeout as sleep } from 'node:timers/promises';

export interface PollerOptions {
  /** Does what there is to do now. `isMore`: the next turn may follow at once. Must not throw. */
  readonly turn: () => Promise<{ readonly isMore: boolean; readonly isFailing: boolean }>;
  readonly pollMs: number;
  /** Between two turns even when woken. */
  readonly leastPauseMs?: number;
}

export type Poller = ReturnType<typeof createPoller>;

const longestPauseMs = 5_000;

/** Works in the background: at once when woken, else every `pollMs`. While it fails more slowly, and nothing hurries it. */
export function createPoller({ turn, pollMs, leastPauseMs = 0 }: PollerOptions) {
  const stopping = new AbortController();
  let nudge = new AbortController();
  let running: Promise<void> | undefined;

  async function pause(milliseconds: number, mostDeafMs: number): Promise<void> {
    const deafMs = Math.min(milliseconds, mostDeafMs);
    if (deafMs > 0) await sleep(deafMs, undefined, { signal: stopping.signal }).catch(() => {});
    const signal = AbortSignal.any([stopping.signal, nudge.signal]);
    await sleep(milliseconds - deafMs, undefined, { signal }).catch(() => {});
    if (nudge.signal.aborted) nudge = new AbortController();
  }

  async function run(): Promise<void> {
    let pauseMs = pollMs;
    while (!stopping.signal.aborted) {
      const { isMore, isFailing } = await turn();
      pauseMs = isFailing ? Math.min(pauseMs * 2, longestPauseMs) : pollMs;
      if (isFailing || !isMore) await pause(pauseMs, isFailing ? pauseMs : leastPauseMs);
    }
  }

  return {
    start: (): void => void (running ??= run()),
    /** There is something to do. */
    wake: (): void => nudge.abort(),
    /** Resolves when the turn under way has ended. */
    stop: async (): Promise<void> => {
      stopping.abort();
      await running;
    },
  };
}
