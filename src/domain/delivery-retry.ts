const minuteMs = 60_000;

/** Between the tries of a delivery whose processing fails, before chance is added: seven within seventeen hours. */
const pausesMs = [
  10_000,
  minuteMs,
  5 * minuteMs,
  20 * minuteMs,
  60 * minuteMs,
  4 * 60 * minuteMs,
  12 * 60 * minuteMs,
] as const;

export const mostAttempts = pausesMs.length + 1;

/**
 * Milliseconds until a delivery is tried again that has failed so often, a quarter more or less by `chance` (0 to 1);
 * null: it has been tried often enough.
 */
export function findRetryDelay(failures: number, chance: number): number | null {
  const pauseMs = pausesMs[failures - 1];
  return pauseMs === undefined ? null : Math.round(pauseMs * (0.75 + chance / 2));
}
