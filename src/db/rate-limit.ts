import type { MikroORM } from '@mikro-orm/postgresql';
import { withWorkspace } from './orm.ts';
import { query } from './sql.ts';

/** `interactive`: somebody waits for the answer, so it passes the page loops' line. */
export type Lane = 'interactive' | 'bulk';

export interface Slot {
  readonly granted: boolean;
  /** Milliseconds until the slot, counted from when the database answered. */
  readonly waitMs: number;
  /** Database time of the slot, to the microsecond. */
  readonly slotAt: string;
  /** Names the grant, to report its answer with a later call. */
  readonly number: string;
  /** 429 answers since the last good one. */
  readonly refusals: number;
  /** The shares of the budgets for a second and for an hour that are in use; null without an hourly limit. */
  readonly used: number;
  readonly hourlyUsed: number | null;
}

export interface SlotRequest {
  readonly workspaceId: string;
  readonly lane: Lane;
  /** The pace of the lane from this slot on. */
  readonly requestsPerSecond: number;
  readonly hourlyLimit: number | null;
  /** A slot further away is not taken. */
  readonly maxWaitMs: number;
  /** Grants whose answers have come, or failed to, since the last call. */
  readonly answered: readonly string[];
}

interface SlotRow {
  readonly granted: boolean;
  readonly wait_ms: number;
  readonly slot_at: string;
  readonly number: string;
  readonly refusals: number;
  readonly used: number;
  readonly hourly_used: number | null;
}

/** Reserves the next free slot of a lane in the workspace's budget, or says how far away it is. */
export async function takeSlot(orm: MikroORM, request: SlotRequest): Promise<Slot> {
  const { workspaceId, lane, requestsPerSecond, hourlyLimit, maxWaitMs, answered } = request;
  const [row] = await query<SlotRow>(
    orm.em.fork(),
    `select * from take_slot($1, $2, $3::float8 * interval '1 ms', $4, $5::float8 * interval '1 ms', $6)`,
    [workspaceId, lane, 1000 / requestsPerSecond, hourlyLimit, maxWaitMs, answered],
  );
  if (row === undefined) throw new Error('take_slot gave no row');
  const { granted, number, refusals, used, wait_ms: waitMs, slot_at: slotAt, hourly_used: hourlyUsed } = row;
  return { granted, waitMs: Math.max(0, waitMs), slotAt, number, refusals, used, hourlyUsed };
}

/**
 * Pauses both lanes after a 429: as long as Clockify said, else doubling from 1 s to 15 min. Calls whose slots were taken before the pause began do not count again. On a FREE plan, whose quota for new
 * workspaces is 30 an hour, a refusal right after 30 grants teaches that quota.
 */
export async function recordRefusal(
  orm: MikroORM,
  { workspaceId, slotAt, retryAfterMs }: { workspaceId: string; slotAt: string; retryAfterMs: number | null },
): Promise<void> {
  await withWorkspace(orm, workspaceId, (em) =>
    query(
      em,
      `update rate_limits r set
        refusals = r.refusals + 1,
        paused_until = found.pause_ends_at,
        hourly_limit = case when found.is_quota then 30 else r.hourly_limit end,
        recent_grants = case when found.is_quota then array_fill(clock_timestamp(), array[30]) else r.recent_grants end
      from (select
          clock_timestamp() + least(
            interval '15 minutes',
            coalesce($3::float8 * interval '1 millisecond', interval '1 second' * power(2, least(refusals, 10)))
          ) as pause_ends_at,
          hour_grants between 30 and 40 and hourly_limit is null and exists (
            select from installations i where i.workspace_id = $1 and i.plan = 'FREE') as is_quota
        from rate_limits where workspace_id = $1 for update) found
      where r.workspace_id = $1 and (r.paused_until is null or $2::timestamptz >= r.paused_until)`,
      [workspaceId, slotAt, retryAfterMs],
    ),
  );
}

/** Ends the slow pace after a good answer. */
export async function recordRecovery(orm: MikroORM, workspaceId: string): Promise<void> {
  await withWorkspace(orm, workspaceId, (em) =>
    query(em, 'update rate_limits set refusals = 0 where workspace_id = $1 and refusals > 0', [workspaceId]),
  );
}
