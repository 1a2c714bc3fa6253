import type { MikroORM } from '@mikro-orm/postgresql';
import type { InstallationRef } from '../domain/contract.ts';
import { deliveryStates } from '../domain/inbox.ts';
import type { InboxFilter, InboxLine } from '../domain/inbox.ts';
import { withWorkspace } from './orm.ts';
import { iso, query } from './sql.ts';

/** The place of a line in the list. */
export type LinePlace = Pick<InboxLine, 'receivedAt' | 'id'>;

export interface LineQuery extends InboxFilter {
  /** The last line of the page before. */
  readonly after?: LinePlace | undefined;
  readonly limit: number;
}

/** What a line tells, of the row `e`. */
export const lineColumns = `e.id::text as id, e.event, e.state, e.deliveries, e.attempts, e.effect, e.reason,
  ${iso('e.received_at')} as "receivedAt", ${iso('e.last_received_at')} as "lastReceivedAt",
  ${iso('e.processed_at')} as "processedAt", ${iso('e.changed_at')} as "changedAt",
  case when e.state = 'processed' then round(extract(epoch from e.processed_at - e.last_received_at) * 1000)::float8
    end as "latencyMs",
  e.entity_type as "entityType", e.entity_id as "entityId"`;

/** The deliveries of an installation that fit, newest first. */
export function listLines(orm: MikroORM, ref: InstallationRef, wanted: LineQuery): Promise<InboxLine[]> {
  const { sql, parameters } = buildListQuery(ref, wanted);
  return withWorkspace(orm, ref.workspaceId, (em) => query(em, sql, parameters));
}

/** Takes the newest of each state, and of those the newest: each part is one look into an index, without sorting. */
export function buildListQuery(
  { workspaceId, addonId }: InstallationRef,
  { event, state, from, to, after, limit }: LineQuery,
): { readonly sql: string; readonly parameters: readonly unknown[] } {
  const sql = `
select ${lineColumns} from unnest($3::text[]) as wanted(state), lateral (
  select * from webhook_events
  where workspace_id = $1 and addon_id = $2 ${event === undefined ? '' : 'and event = $8'} and state = wanted.state
    and (received_at, id) < ($4::timestamptz, $5::bigint) and received_at >= $6::timestamptz
  order by received_at desc, id desc limit $7::int) e
order by e.received_at desc, e.id desc limit $7::int`;
  const states = state === undefined ? deliveryStates : [state];
  const { receivedAt, id } = findStart(after, to);
  const parameters = [workspaceId, addonId, states, receivedAt, id, from ?? '-infinity', limit];
  return { sql, parameters: event === undefined ? parameters : [...parameters, event] };
}

/** One bound alone: of two, Postgres would begin at the later one, and pass over what lies between. */
function findStart(after: LinePlace | undefined, to = 'infinity'): LinePlace {
  const isAfterFirst = after !== undefined && (to === 'infinity' || Date.parse(after.receivedAt) <= Date.parse(to));
  return isAfterFirst ? after : { receivedAt: to, id: '0' };
}
