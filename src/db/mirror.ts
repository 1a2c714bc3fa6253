import type { MikroORM } from '@mikro-orm/postgresql';
import { AddonError } from '../domain/errors.ts';
import type { EntityType } from '../domain/entities.ts';
import type { Cursor } from '../domain/paging.ts';
import { findParentKind } from '../domain/reading-rules.ts';
import { toStorableJson } from '../domain/storable-json.ts';
import type { InstallationStatus } from './installation.entity.ts';
import { withWorkspace } from './orm.ts';
import { query } from './sql.ts';

/** One page loop of one run. */
export interface LoopRef {
  readonly workspaceId: string;
  readonly runId: string;
  readonly entity: EntityType;
  readonly loop: number;
}

export interface MirrorRow {
  readonly id: string;
  readonly parent: string | null;
  readonly payload: unknown;
  readonly hash: string;
}

export interface PageCommit {
  readonly fence: number;
  readonly cursor: Cursor;
  readonly rows: readonly MirrorRow[];
  /** Requests sent since the commit before. */
  readonly requests: number;
  readonly observedAt: string;
  /** False when only the place moves: a list that could not be read, or the end of the loop. */
  readonly isPage: boolean;
}

/** What a page loop must obey, read in the transaction of the page. */
export interface LoopOrders {
  readonly paused: boolean;
  readonly controlVersion: number;
  readonly installationStatus: InstallationStatus;
  /** Requests a second that the run is held to; null: no more than the workspace's own limit. */
  readonly requestsPerSecond: number | null;
}

/** What an operator ordered wins over what the run was started with. */
export const rateOf = `coalesce(j.requests_per_second, (j.options->>'requestsPerSecond')::float8)`;

/**
 * Stores a page: rows, the ids seen and the loop's place in one statement. A row is written only when its content
 * changed or it had been gone, and never over a newer observation; below a parent that was found gone since, there are
 * none. Under an outdated fence nothing is written: `attempt_overtaken` is thrown while the kind is still being read, and
 * `stale_attempt` when its reading, or the run, is over.
 */
export async function commitPage(orm: MikroORM, ref: LoopRef, commit: PageCommit): Promise<LoopOrders> {
  const rows = await withWorkspace(orm, ref.workspaceId, (em) =>
    query<{ placed: number; isGoingOn: boolean } & LoopOrders>(em, commitSql, [
      ref.workspaceId,
      ref.runId,
      ref.entity,
      ref.loop,
      commit.fence,
      JSON.stringify(commit.cursor),
      commit.requests,
      commit.observedAt,
      toStorableJson(commit.rows),
      commit.isPage ? 1 : 0,
      findParentKind(ref.entity),
    ]),
  );
  const row = rows[0];
  if (row === undefined || Number(row.placed) === 0) throw overtaken(row?.isGoingOn === true);
  const { placed: _, isGoingOn: __, ...orders } = row;
  return orders;
}

const overtaken = (isGoingOn: boolean): AddonError =>
  isGoingOn
    ? new AddonError('attempt_overtaken', 'Another attempt took this page loop over.')
    : new AddonError('stale_attempt', 'The reading that this page belongs to is over.');

const commitSql = `
with incoming as (
  select * from jsonb_to_recordset($9::jsonb) as r(id text, parent text, payload jsonb, hash text)
  where not exists (select from workspace_data p where p.workspace_id = $1 and p.entity_type = $11
    and p.entity_id = r.parent and p.deleted_at is not null and p.observed_at > $8::timestamptz)
  order by id
), place as (
  update bootstrap_loops set cursor = $6::jsonb, pages = pages + $10::int, requests = requests + $7::int,
    rows = greatest(rows, ($6::jsonb#>>'{tally,rows}')::int + ($6::jsonb#>>'{list,rows}')::int), updated_at = clock_timestamp()
  where workspace_id = $1 and run_id = $2 and entity = $3 and loop = $4::int and fence = $5::int
    and run_id = (select case when finished_at is null then run_id end
      from bootstrap_jobs where workspace_id = $1 order by started_at desc limit 1)
  returning pages
), page as (
  insert into bootstrap_pages (workspace_id, run_id, entity, loop, seq, entity_ids, fetched_at)
  select $1, $2, $3, $4::int, pages, array(select id from incoming), $8::timestamptz from place where $10::int = 1
), written as (
  insert into workspace_data as d
    (workspace_id, entity_type, entity_id, parent_id, payload, hash, version, observed_at, changed_at)
  select $1, $3, i.id, i.parent, i.payload, i.hash, 1, $8::timestamptz, clock_timestamp() from incoming i, place
  on conflict (workspace_id, entity_type, entity_id) do update set
    parent_id = excluded.parent_id, payload = excluded.payload, hash = excluded.hash, version = d.version + 1,
    observed_at = excluded.observed_at, changed_at = excluded.changed_at, deleted_at = null, source = 'scan'
  where d.observed_at <= excluded.observed_at and (d.hash <> excluded.hash or d.deleted_at is not null)
)
select (select count(*) from place) as placed, j.paused, j.control_version as "controlVersion",
  i.status as "installationStatus", ${rateOf} as "requestsPerSecond",
  j.finished_at is null
    and j.run_id = (select run_id from bootstrap_jobs where workspace_id = $1 order by started_at desc limit 1)
    and exists (select from bootstrap_endpoints e
      join bootstrap_loops l on l.workspace_id = $1 and l.run_id = $2 and l.entity = $3 and l.loop = $4::int
      where e.workspace_id = $1 and e.run_id = $2 and e.entity = $3 and e.state = 'reading') as "isGoingOn"
from bootstrap_jobs j join installations i on i.workspace_id = j.workspace_id and i.addon_id = j.addon_id
where j.workspace_id = $1 and j.run_id = $2`;
