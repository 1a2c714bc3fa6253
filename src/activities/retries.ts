import { setTimeout as sleep } from 'node:timers/promises';
import { AddonError, isRetryable } from '../domain/errors.ts';

export interface RetryOptions {
  readonly signal: AbortSignal;
  /** Before the second try; the pause doubles up to ten times as long. */
  readonly firstPauseMs?: number;
}

const mostTries = 5;

/**
 * Tries up to five times, with pauses from half a second that double up to 5 s, each shortened by chance. Only failures
 * that repeating can cure are repeated, and none whose cure is further away than the longest pause. `isRepeat` tells
 * the work that an earlier try failed.
 */
export async function withRetries<T>(
  work: (isRepeat: boolean) => Promise<T>,
  { signal, firstPauseMs = 500 }: RetryOptions,
): Promise<T> {
  const longestPauseMs = firstPauseMs * 10;
  for (let tries = 1; ; tries += 1) {
    try {
      return await work(tries > 1);
    } catch (error) {
      if (tries === mostTries || !(error instanceof AddonError) || !isRetryable[error.code]) throw error;
      const { retryAfterMs = 0 } = error.details;
      if (Number(retryAfterMs) > longestPauseMs) throw error;
      const pauseMs = Math.min(firstPauseMs * 2 ** (tries - 1), longestPauseMs);
      await sleep(pauseMs * (0.5 + Math.random() / 2), undefined, { signal });
    }
  }
}
