import type { Slot } from '../db/rate-limit.ts';

type Seen = Pick<Slot, 'used' | 'hourlyUsed' | 'refusals'>;

/** Requests leave the budget of a second at the latest so long after somebody asked for a slot. */
const secondMs = 2_000;
const hourMs = 3_600_000;

export type BudgetWatch = ReturnType<typeof createBudgetWatch>;

/** What the slots that this process asked for tell about the budgets of their workspaces. `now` is in milliseconds. */
export function createBudgetWatch(now: () => number = () => performance.now()) {
  const last = new Map<string, Seen & { readonly at: number }>();

  const within = (milliseconds: number) => [...last.values()].filter(({ at }) => now() - at <= milliseconds);
  const forget = (): void => {
    for (const [workspaceId, { at }] of last) if (now() - at > hourMs) last.delete(workspaceId);
  };

  return {
    note(workspaceId: string, { used, hourlyUsed, refusals }: Seen): void {
      if (!last.has(workspaceId)) forget();
      last.set(workspaceId, { used, hourlyUsed, refusals, at: now() });
    },

    /** The largest share in use, from 0 to 1. */
    used: {
      second: () => Math.max(0, ...within(secondMs).map(({ used }) => used)),
      hour: () => Math.max(0, ...within(hourMs).map(({ hourlyUsed }) => hourlyUsed ?? 0)),
    },

    /** Workspaces seen in the last hour; `slowed`: since the last 429 no answer was good. */
    workspaces: {
      open: () => within(hourMs).filter(({ refusals }) => refusals === 0).length,
      slowed: () => within(hourMs).filter(({ refusals }) => refusals > 0).length,
    },
  };
}
