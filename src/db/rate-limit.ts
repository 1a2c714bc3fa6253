import type { MikroORM } from '@mikro-orm/postgresql';
import { withWorkspace } from './orm.ts';
import { query } from './sql.ts';

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
}

export interface SlotRequest {
  readonly workspaceId: string;
  readonly requestsPerSecond: number;
  readonly hourlyLimit: number | null;
  /** A slot further away is not taken. */
  readonly maxWaitMs: number;
  /** Grants whose answers have come, or failed to, since the last call. */
  readonly answered: readonly string[];
}

/** Reserves the next free slot in the workspace's budget, or says how far away it is. */
export async function takeSlot(orm: MikroORM, request: SlotRequest): Promise<Slot> {
  const rows = await query<{ granted: boolean; wait_ms: number; slot_at: string; number: string; refusals: number }>(
    orm.em.fork(),
    `select * from take_slot($1, $2::float8 * interval '1 millisecond', $3, $4::float8 * interval '1 millisecond', $5)`,
    [request.workspaceId, 1000 / request.requestsPerSecond, request.hourlyLimit, request.maxWaitMs, request.answered],
  );
  const row = rows[0];
  if (row === undefined) throw new Error('take_slot gave no row');
  const { granted, number, refusals } = row;
  return { granted, waitMs: Math.max(0, row.wait_ms), slotAt: row.slot_at, number, refusals };
}

/**
 * Pushes the next slot back for everybody after a 429: as long as Clockify said, else doubling from 1 s to 15 min.
 * Calls whose slots were taken before the pause began do not count again. On a FREE plan, whose quota for new
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
        next_slot_at = found.pause_ends_at,
        paused_until = found.pause_ends_at,
        hourly_limit = case when found.is_quota then 30 else r.hourly_limit end,
        recent_grants = case when found.is_quota then array_fill(clock_timestamp(), array[30]) else r.recent_grants end
      from (select
          greatest(next_slot_at, clock_timestamp() + least(
            interval '15 minutes',
            coalesce($3::float8 * interval '1 millisecond', interval '1 second' * power(2, least(refusals, 10)))
          )) as pause_ends_at,
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
