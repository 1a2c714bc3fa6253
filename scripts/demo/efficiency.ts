/** What the add-on may send to a workspace: below Clockify's 50 a second. */
const budgetPerSecond = 48;

export interface RequestTimes {
  readonly requests: number;
  /** Reads answered before and asked again: work that was not needed. */
  readonly repeated: number;
  readonly wallSeconds: number;
}

/** The share of the budget that went into requests the run needed: 1 is as fast as Clockify's limit allows. */
export function computeEfficiency({ requests, repeated, wallSeconds }: RequestTimes): number | undefined {
  if (requests === 0 || wallSeconds <= 0) return undefined;
  return (requests - repeated) / budgetPerSecond / wallSeconds;
}

export function presentEfficiency(times: RequestTimes): string {
  const efficiency = computeEfficiency(times);
  if (efficiency === undefined) return 'Efficiency: nothing had to be read in this session';
  const needed = times.requests - times.repeated;
  const formula = `${needed} requests needed ÷ ${budgetPerSecond}/s ÷ ${times.wallSeconds.toFixed(1)} s`;
  return `Efficiency: ${(efficiency * 100).toFixed(0)} % (${formula})`;
}
