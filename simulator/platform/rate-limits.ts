export interface LimitSettings {
  /** Requests in any sliding second for each add-on, and each member with a key; null = off. */
  readonly perSecond: number | null;
  /** Requests in any sliding hour for the whole workspace; null = off. */
  readonly perHour: number | null;
  /** Whether a 429 says when to come back; the platform was never seen to do so. */
  readonly retryAfter: boolean;
}

export interface RateLimits {
  settings: LimitSettings;
  /** Admits a request at an instant, or answers how many milliseconds it came too early. */
  admit(caller: string, atMs: number): number | null;
}

const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

/** 50 a second for each caller; FREE workspaces also get 30 an hour in total. */
export function createRateLimits(plan: string): RateLimits {
  const seconds = new Map<string, number[]>();
  const hour: number[] = [];
  return {
    settings: { perSecond: 50, perHour: plan === 'FREE' ? 30 : null, retryAfter: false },
    admit(caller, atMs) {
      const second = seconds.get(caller) ?? [];
      seconds.set(caller, second);
      const waitMs = Math.max(
        excess(second, atMs, SECOND_MS, this.settings.perSecond),
        excess(hour, atMs, HOUR_MS, this.settings.perHour),
      );
      if (waitMs > 0) return waitMs;
      second.push(atMs);
      hour.push(atMs);
      return null;
    },
  };
}

function excess(admitted: number[], atMs: number, windowMs: number, limit: number | null): number {
  while (admitted[0] !== undefined && atMs - admitted[0] >= windowMs) admitted.shift();
  if (limit === null || admitted.length < limit) return 0;
  const freeing = admitted[admitted.length - limit] ?? atMs;
  return freeing + windowMs - atMs;
}
