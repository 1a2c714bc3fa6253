import type { MikroORM } from '@mikro-orm/postgresql';
import type { EntityContent, EntityHistory } from '../domain/entity-history.ts';
import { withWorkspace } from './orm.ts';
import { iso, query } from './sql.ts';
import type { EntityRef } from './versions.ts';

/** The versions before `before`, or the newest; `limit` of them at most. */
export interface VersionRange {
  readonly before?: number | undefined;
  readonly limit: number;
}

/** An entity with versions of it, newest first; undefined where the mirror never held it. */
export async function findHistory(
  orm: MikroORM,
  { workspaceId, entity, id }: EntityRef,
  { before = afterEveryVersion, limit }: VersionRange,
): Promise<Omit<EntityHistory, 'next'> | undefined> {
  const [row] = await withWorkspace(orm, workspaceId, (em) =>
    query<Omit<EntityHistory, 'next'>>(em, historySql, [workspaceId, entity, id, before, limit]),
  );
  return row;
}

/** The largest that the column holds. */
const afterEveryVersion = 2_147_483_647;

/** What an entity held in one of its versions; undefined where there is no such version. */
export async function findVersion(
  orm: MikroORM,
  { workspaceId, entity, id }: EntityRef,
  version: number,
): Promise<EntityContent | undefined> {
  const [row] = await withWorkspace(orm, workspaceId, (em) =>
    query<EntityContent>(em, versionSql, [workspaceId, entity, id, version]),
  );
  return row;
}

const named = 'workspace_id = $1 and entity_type = $2 and entity_id = $3';

/** The one that is compared last needs the payload of the version before it. */
const knownVersions = `
  (select version, payload, source, deleted_at is not null as is_deleted, changed_at as since, null::timestamptz as until
   from workspace_data where ${named} and version < $4::int)
  union all
  (select version, payload, source, is_deleted, valid_from, valid_to
   from entity_versions where ${named} and version < $4::int order by version desc limit $5::int + 1)`;

const changedMembers = `array(
  select key from jsonb_each(payload) present full join jsonb_each(payload_before) past using (key)
  where present.value is distinct from past.value order by key collate "C")`;

/** Looks into primary keys, in one statement: of two, the second could find a newer version than the first. */
export const historySql = `
with known as (${knownVersions}), compared as (
  select *, lead(payload) over (order by version desc) as payload_before from known
  order by version desc limit $5::int
)
select entity_type as kind, entity_id as id, parent_id as "parentId", version, deleted_at is not null as "isDeleted",
  source, ${iso('observed_at')} as "observedAt", ${iso('changed_at')} as "changedAt",
  (select coalesce(json_agg(json_build_object('version', version, 'source', source, 'isDeleted', is_deleted,
     'from', ${iso('since')}, 'to', ${iso('until')},
     'changed', case when payload_before is not null then ${changedMembers} end) order by version desc), '[]')
   from compared) as versions
from workspace_data where ${named}`;

export const versionSql = `
select version, payload from workspace_data where ${named} and version = $4::int
union all
select version, payload from entity_versions where ${named} and version = $4::int`;
