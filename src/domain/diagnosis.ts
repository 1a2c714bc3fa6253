/** Further apart than this, two clocks are wrong: tokens would be refused too early, or taken too late. */
export const largestClockSkewSeconds = 30;

/** What the self-test of an installation looks at, in the order it is shown. */
export const checkNames = ['token', 'host', 'scopes', 'plan', 'features', 'limits', 'webhooks', 'clock'] as const;

export type CheckName = (typeof checkNames)[number];

/** One finding of the self-test. `unknown`: it could not be looked at, because an earlier check failed. */
export interface CheckResult {
  readonly check: CheckName;
  readonly state: 'ok' | 'warning' | 'failed' | 'unknown';
  /** What was found, in a sentence. */
  readonly finding: string;
  /** What to do about it; null when there is nothing to do. */
  readonly remedy: string | null;
}

/** The self-test of one installation. Time is ISO 8601 in UTC. */
export interface Diagnosis {
  readonly checkedAt: string;
  readonly checks: readonly CheckResult[];
}
