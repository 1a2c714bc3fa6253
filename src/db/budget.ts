import type { EntityManager } from '@mikro-orm/postgresql';
import type { BudgetStatus } from '../domain/bootstrap-status.ts';
import { query } from './sql.ts';

interface BudgetRow {
  readonly usedLastSecond: number;
  readonly hourlyLimit: number | null;
  readonly hourlyUsed: number | null;
  readonly pausedUntil: string | null;
}

const budgetSql = `select
    (select count(*)::int from unnest(answered_at) at where at is null or at > clock_timestamp() - interval '1 second')
      as "usedLastSecond",
    hourly_limit as "hourlyLimit",
    case when hourly_limit is not null then
      (select count(*)::int from unnest(recent_grants) at where at > clock_timestamp() - interval '1 hour') end
      as "hourlyUsed",
    case when paused_until > clock_timestamp() then paused_until end as "pausedUntil"
  from rate_limits where workspace_id = $1`;

/** What of its budget a workspace has used. */
export async function loadBudget(
  em: EntityManager,
  workspaceId: string,
  limitPerSecond: number,
): Promise<BudgetStatus> {
  const [row] = await query<BudgetRow>(em, budgetSql, [workspaceId]);
  return {
    limitPerSecond,
    usedLastSecond: row?.usedLastSecond ?? 0,
    hourlyLimit: row?.hourlyLimit ?? null,
    hourlyUsed: row?.hourlyUsed ?? null,
    pausedUntil: row?.pausedUntil ? new Date(row.pausedUntil).toISOString() : null,
  };
}
