/** How the deliveries of a workspace go. Times are the platform's own: `speed` makes them shorter. */
export interface WebhookSettings {
  /** So many seconds of the platform pass in a real one: retries, delays and the lag of deletions. */
  readonly speed: number;
  /** Deliveries under way at once. */
  readonly concurrency: number;
  /** Real milliseconds after which an unanswered delivery counts as failed. */
  readonly timeoutMs: number;
  /** Nothing is sent while it is true. */
  readonly paused: boolean;
  /** What the troubles below are drawn from. */
  readonly seed: number;
  /** Share of the deliveries, 0 to 1, sent again after a 2xx. */
  readonly duplicate: number;
  /** Share of the deliveries that never leave. */
  readonly drop: number;
  /** Longest wait before the first attempt, in milliseconds; each draws its own. */
  readonly delayMs: number;
  /** So many deliveries are collected, for a second at most, and leave together; 0 or 1: each leaves at once. */
  readonly burst: number;
  /** A collected burst leaves in another order. */
  readonly reorder: boolean;
  /** Add-on tokens may call the webhooks family. */
  readonly open: boolean;
  /** Most webhooks the API makes here, in place of the plan's cap; null = the plan's. */
  readonly cap: number | null;
}

/** A calm day on the platform. */
export const calm = {
  paused: false,
  duplicate: 0,
  drop: 0,
  delayMs: 0,
  burst: 0,
  reorder: false,
} as const satisfies Partial<WebhookSettings>;

export function defaultSettings(speed: number): WebhookSettings {
  return { speed, concurrency: 16, timeoutMs: 10_000, seed: 1, ...calm, open: false, cap: null };
}
