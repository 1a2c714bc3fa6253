import type { MikroORM } from '@mikro-orm/postgresql';
import type { InstallationRef } from '../domain/contract.ts';
import type { InboxLine } from '../domain/inbox.ts';
import { lineColumns } from './inbox-lines.ts';
import { withWorkspace } from './orm.ts';
import { iso, query } from './sql.ts';

export interface LineChanges {
  /** Newest first. */
  readonly lines: readonly InboxLine[];
  /** Where the next look begins: no change from before this moment can become visible any more. */
  readonly until: string;
}

/**
 * Lines that changed since a moment, those of the newest changes if there are more than `limit`. A change becomes
 * visible later than it is made; so that none is missed, `until` is no later than the beginning of the oldest
 * transaction that writes, and the next look brings some lines again.
 */
export function loadChanges(
  orm: MikroORM,
  { workspaceId, addonId }: InstallationRef,
  since: string,
  limit: number,
): Promise<LineChanges> {
  return withWorkspace(orm, workspaceId, async (em) => {
    const [floor] = await query<{ until: string }>(em, floorSql);
    if (floor === undefined) throw new Error('The database told no time.');
    const lines = await query<InboxLine>(em, changesSql, [workspaceId, addonId, since, limit]);
    return { lines, until: floor.until };
  });
}

/** Of this role alone: Postgres does not tell it about others, and no other role writes here. */
const floorSql = `
select ${iso('least(min(xact_start), clock_timestamp())')} as until from pg_stat_activity
where datname = current_database() and backend_xid is not null`;

/** Exported for the test of its plan. */
export const changesSql = `
select ${lineColumns} from webhook_events e
where e.workspace_id = $1 and e.addon_id = $2 and e.changed_at >= $3::timestamptz
order by e.changed_at desc limit $4::int`;
