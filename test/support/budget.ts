import type { MikroORM } from '@mikro-orm/postgresql';
import { createOrm } from '../../src/db/orm.ts';
import { recordRefusal, takeSlot } from '../../src/db/rate-limit.ts';
import type { Slot, SlotRequest } from '../../src/db/rate-limit.ts';
import { openTestMirror, owner } from './mirror.ts';
import type { TestMirror } from './mirror.ts';

/** The budget of one workspace, as two processes see it. */
export interface TestBudget extends TestMirror {
  take(request?: Partial<SlotRequest>): Promise<Slot>;
  /** At once, every other one by the second process. */
  takeMany(count: number, request?: Partial<SlotRequest>): Promise<Slot[]>;
  refuse(slotAt: string, retryAfterMs?: number | null): Promise<void>;
  /** Moves the budget into the past, as if nobody had asked for so long; into the future, as if the clock was set back. */
  pass(milliseconds: number): Promise<unknown>;
  /** Microseconds between consecutive slots. */
  gaps(slots: readonly Slot[]): Promise<number[]>;
  /** What is stored, and how many milliseconds the pause still lasts. */
  load(): Promise<Record<string, unknown> | undefined>;
}

export async function openTestBudget(): Promise<TestBudget> {
  const mirror = await openTestMirror();
  const neighbour = createOrm(mirror.url);
  const take = (request: Partial<SlotRequest>, orm: MikroORM): Promise<Slot> =>
    takeSlot(orm, {
      workspaceId: owner.workspaceId,
      lane: 'interactive',
      requestsPerSecond: 48,
      hourlyLimit: null,
      maxWaitMs: 60_000,
      answered: [],
      ...request,
    });
  return {
    ...mirror,
    take: (request = {}) => take(request, mirror.orm),
    takeMany(count, request = {}) {
      const takers = Array.from({ length: count }, (_, index) => (index % 2 === 0 ? mirror.orm : neighbour));
      return Promise.all(takers.map((orm) => take(request, orm)));
    },
    refuse: (slotAt, retryAfterMs = null) =>
      recordRefusal(mirror.orm, { workspaceId: owner.workspaceId, slotAt, retryAfterMs }),
    pass: (milliseconds) =>
      mirror.rows(
        `update rate_limits set next_slot_at = next_slot_at - $1 * interval '1 ms',
           interactive_slot_at = interactive_slot_at - $1 * interval '1 ms', seen_at = seen_at - $1 * interval '1 ms',
           hour_started_at = hour_started_at - $1 * interval '1 ms', paused_until = paused_until - $1 * interval '1 ms',
           answered_at = array(select one - $1 * interval '1 ms' from unnest(answered_at) one),
           recent_grants = array(select one - $1 * interval '1 ms' from unnest(recent_grants) one)`,
        [milliseconds],
      ),
    async gaps(slots) {
      const rows = await mirror.rows(
        `select (extract(epoch from slot - lag(slot) over (order by slot)) * 1e6)::int as gap
         from unnest($1::timestamptz[]) slot order by slot`,
        [slots.map(({ slotAt }) => slotAt)],
      );
      return rows.slice(1).map(({ gap }) => Number(gap));
    },
    async load() {
      const [row] = await mirror.rows(
        `select refusals, hourly_limit, cardinality(recent_grants) as grants, hour_grants,
           (extract(epoch from paused_until - clock_timestamp()) * 1000)::float8 as pause from rate_limits`,
      );
      return row;
    },
    async close() {
      await neighbour.close();
      await mirror.close();
    },
  };
}
