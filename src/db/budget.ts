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
    (select count(*)::int from unnest(answered_at, holders) as places (at, holder)
      where holder = 0 and at > clock_timestamp() - interval '1 second') as "usedLastSecond",
    least($2::int, hourly_limit) as "hourlyLimit",
    case when least($2::int, hourly_limit) is not null then
      (select count(*)::int from unnest(recent_grants) at where at > clock_timestamp() - interval '1 hour') end
      as "hourlyUsed",
    case when paused_until > clock_timestamp() then paused_until end as "pausedUntil"
  from (values ($1)) as asked (id) left join rate_limits on workspace_id = asked.id`;

/** What of its budget a workspace has used. `hourlyLimit` is the deployment's own; a lower one may have been learned. */
export async function loadBudget(
  em: EntityManager,
  workspaceId: string,
  limitPerSecond: number,
  hourlyLimit: number | null = null,
): Promise<BudgetStatus> {
  const [row] = await query<BudgetRow>(em, budgetSql, [workspaceId, hourlyLimit]);
  return {
    limitPerSecond,
    usedLastSecond: row?.usedLastSecond ?? 0,
    hourlyLimit: row?.hourlyLimit ?? null,
    hourlyUsed: row?.hourlyUsed ?? null,
    pausedUntil: row?.pausedUntil ? new Date(row.pausedUntil).toISOString() : null,
  };
}
