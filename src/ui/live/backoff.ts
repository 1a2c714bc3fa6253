const longestDelayMs = 15_000;

/** Milliseconds before the next attempt: doubling, and spread so that pages which lost one server do not return at once. */
export function retryDelayMs(failures: number, random = Math.random()): number {
  const delay = Math.min(1000 * 2 ** (failures - 1), longestDelayMs);
  return Math.round(delay * (0.8 + 0.4 * random));
}
