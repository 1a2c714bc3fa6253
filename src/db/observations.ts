import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { EntityType } from '../domain/entities.ts';
import type { MirrorSource } from '../domain/entity-history.ts';
import { findDependants, findParentKind } from '../domain/reading-rules.ts';
import { toStorableJson } from '../domain/storable-json.ts';
import type { MirrorRow } from './mirror.ts';
import { withWorkspace } from './orm.ts';
import { query } from './sql.ts';

/** What one request brought, or a list of them. */
export interface Observation {
  readonly workspaceId: string;
  readonly entity: EntityType;
  /** Database time at which the request was allowed to leave: no answer is older than that. */
  readonly observedAt: string;
  readonly source: MirrorSource;
}

/**
 * Stores rows as they were seen, and tells which of them changed. A row that was seen later, or found gone later, stays
 * as it is; one that looks as before counts as seen now, so that no older answer can change it any more.
 */
export function saveSeen(orm: MikroORM, seen: Observation, rows: readonly MirrorRow[]): Promise<string[]> {
  const { workspaceId, entity, observedAt, source } = seen;
  return withWorkspace(orm, workspaceId, async (em) => {
    const changed = await query<{ id: string }>(
      em,
      `insert into workspace_data as d (workspace_id, entity_type, entity_id, parent_id, payload, hash, version,
         observed_at, changed_at, source)
       select $1, $2, id, parent, payload, hash, 1, $3::timestamptz, clock_timestamp(), $4
       from jsonb_to_recordset($5::jsonb) as r(id text, parent text, payload jsonb, hash text)
       where not exists (select from workspace_data p where p.workspace_id = $1 and p.entity_type = $6
         and p.entity_id = r.parent and p.deleted_at is not null and p.observed_at > $3::timestamptz)
       order by id
       on conflict (workspace_id, entity_type, entity_id) do update set
         parent_id = excluded.parent_id, payload = excluded.payload, hash = excluded.hash, version = d.version + 1,
         observed_at = excluded.observed_at, changed_at = excluded.changed_at, deleted_at = null,
         source = excluded.source
       where d.observed_at <= excluded.observed_at and (d.hash <> excluded.hash or d.deleted_at is not null)
       returning d.entity_id as id`,
      [workspaceId, entity, observedAt, source, toStorableJson(rows), findParentKind(entity)],
    );
    await touch(
      em,
      seen,
      rows.map(({ id }) => id),
      'null',
    );
    return changed.map(({ id }) => id);
  });
}

/**
 * Marks rows as gone, and the rows below them; tells which of them the mirror held. One that it never held is noted as
 * gone all the same: a page that was read before must not bring it back.
 */
export function saveGone(orm: MikroORM, seen: Observation, ids: readonly string[]): Promise<string[]> {
  const { workspaceId, entity, observedAt, source } = seen;
  return withWorkspace(orm, workspaceId, async (em) => {
    const gone = await query<{ id: string; version: number }>(
      em,
      `insert into workspace_data as d (workspace_id, entity_type, entity_id, payload, hash, version, observed_at,
         changed_at, deleted_at, source)
       select $1, $2, id, '{}', '', 1, $3::timestamptz, clock_timestamp(), clock_timestamp(), $4
       from unnest($5::text[]) id order by id
       on conflict (workspace_id, entity_type, entity_id) do update set
         version = d.version + 1, observed_at = excluded.observed_at, changed_at = excluded.changed_at,
         deleted_at = excluded.deleted_at, source = excluded.source
       where d.observed_at <= excluded.observed_at and d.deleted_at is null
       returning d.entity_id as id, d.version`,
      [workspaceId, entity, observedAt, source, ids],
    );
    await touch(em, seen, ids, 'not null');
    const dependants = findDependants(entity);
    if (dependants.length > 0) await markBelow(em, seen, ids, dependants);
    return gone.filter(({ version }) => version > 1).map(({ id }) => id);
  });
}

/** Rows that are as they were, or as gone as they were. */
function touch(
  em: EntityManager,
  { workspaceId, entity, observedAt }: Observation,
  ids: readonly string[],
  deletedAt: 'null' | 'not null',
): Promise<unknown> {
  return query(
    em,
    `update workspace_data set observed_at = $3::timestamptz
     where workspace_id = $1 and entity_type = $2 and entity_id = any($4::text[]) and observed_at < $3::timestamptz
       and deleted_at is ${deletedAt}`,
    [workspaceId, entity, observedAt, ids],
  );
}

function markBelow(
  em: EntityManager,
  { workspaceId, observedAt, source }: Observation,
  parents: readonly string[],
  kinds: readonly EntityType[],
): Promise<unknown> {
  return query(
    em,
    `update workspace_data set version = version + 1, observed_at = $2::timestamptz, changed_at = clock_timestamp(),
       deleted_at = clock_timestamp(), source = $3
     where workspace_id = $1 and entity_type = any($4::text[]) and parent_id = any($5::text[])
       and entity_type <> 'time_entries' and deleted_at is null and observed_at <= $2::timestamptz`,
    [workspaceId, observedAt, source, kinds, parents],
  );
}

/** Which rows an answer must hold to be about all there is. */
export type Extent =
  | { readonly kind: 'rows'; readonly ids: readonly string[] }
  | { readonly kind: 'parent'; readonly id: string }
  | { readonly kind: 'member'; readonly id: string }
  /** Null: whatever their time. */
  | { readonly kind: 'list'; readonly times: RowTimes | null };

interface RowTimes {
  readonly path: readonly string[];
  readonly from: string;
  readonly to: string | null;
}

/** The rows of an extent that were last seen before the reading began, and not by it. */
export async function findUnseen(
  orm: MikroORM,
  { workspaceId, entity, observedAt: began }: Observation,
  seen: readonly string[],
  extent: Extent,
): Promise<string[]> {
  if (extent.kind === 'rows') return extent.ids.filter((id) => !seen.includes(id));
  const { condition, parameters } = describeExtent(extent);
  const rows = await withWorkspace(orm, workspaceId, (em) =>
    query<{ id: string }>(
      em,
      `select entity_id as id from workspace_data
       where workspace_id = $1 and entity_type = $2 and deleted_at is null and observed_at < $3::timestamptz
         and not (entity_id = any($4::text[])) ${condition}`,
      [workspaceId, entity, began, seen, ...parameters],
    ),
  );
  return rows.map(({ id }) => id);
}

function describeExtent(extent: Exclude<Extent, { kind: 'rows' }>): { condition: string; parameters: unknown[] } {
  if (extent.kind === 'parent') {
    return { condition: `and entity_type <> 'time_entries' and parent_id = $5`, parameters: [extent.id] };
  }
  if (extent.kind === 'member') return { condition: `and payload->>'userId' = $5`, parameters: [extent.id] };
  if (extent.times === null) return { condition: '', parameters: [] };
  const { path, from, to } = extent.times;
  const time = '(payload #>> $5::text[])::timestamptz';
  return {
    condition: `and ${time} between $6::timestamptz and coalesce($7::timestamptz, 'infinity')`,
    parameters: [path, from, to],
  };
}

/** A row that the mirror holds, with its parent; undefined when it holds none. */
export async function findHeld(
  orm: MikroORM,
  { workspaceId, entity, id }: { workspaceId: string; entity: EntityType; id: string },
): Promise<{ parent: string | null } | undefined> {
  const [row] = await withWorkspace(orm, workspaceId, (em) =>
    query<{ parent: string | null }>(
      em,
      `select parent_id as parent from workspace_data where workspace_id = $1 and entity_type = $2 and entity_id = $3
         and deleted_at is null`,
      [workspaceId, entity, id],
    ),
  );
  return row;
}
