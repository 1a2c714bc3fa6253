import type { MikroORM } from '@mikro-orm/postgresql';
import type { EntityType } from '../domain/entities.ts';
import type { MirrorSource } from '../domain/entity-history.ts';
import { withWorkspace } from './orm.ts';
import { iso, query } from './sql.ts';

export interface EntityRef {
  readonly workspaceId: string;
  readonly entity: EntityType;
  readonly id: string;
}

/** An entity as the mirror held it at some time. */
export interface EntityAtTime {
  readonly version: number;
  readonly payload: Record<string, unknown>;
  readonly isDeleted: boolean;
  readonly source: MirrorSource;
  /** ISO 8601: when the mirror learned of this version. */
  readonly since: string;
}

/** How the mirror held an entity at a time; null where it did not know it yet. A deleted one keeps its last content. */
export async function entityAt(orm: MikroORM, ref: EntityRef, at: string): Promise<EntityAtTime | null> {
  const [row] = await withWorkspace(orm, ref.workspaceId, (em) =>
    query<EntityAtTime>(em, entityAtSql, [ref.workspaceId, ref.entity, ref.id, at]),
  );
  return row ?? null;
}

/** Two looks into primary keys. */
export const entityAtSql = `
select version, payload, "isDeleted", source, ${iso('since')} as since from (
  (select version, payload, deleted_at is not null as "isDeleted", source, changed_at as since from workspace_data
   where workspace_id = $1 and entity_type = $2 and entity_id = $3 and changed_at <= $4::timestamptz)
  union all
  (select version, payload, is_deleted, source, valid_from from entity_versions
   where workspace_id = $1 and entity_type = $2 and entity_id = $3 and valid_from <= $4::timestamptz
   order by version desc limit 1)) known
order by version desc limit 1`;

/** One version that began, in the order of time. */
export interface MirrorChange {
  readonly entity: EntityType;
  readonly id: string;
  readonly version: number;
  readonly isDeleted: boolean;
  readonly source: MirrorSource;
  /** ISO 8601. */
  readonly at: string;
}

/** The place of a change in the order: pass the last one of a page to get the next page. */
type ChangeCursor = Pick<MirrorChange, 'at' | 'entity' | 'id' | 'version'>;

export interface ChangesRange {
  /** ISO 8601; exclusive. */
  readonly from: string;
  /** ISO 8601; inclusive. */
  readonly to: string;
  readonly after?: ChangeCursor;
  readonly limit?: number;
}

/** What changed in a workspace between two times, oldest first. */
export async function changesBetween(
  orm: MikroORM,
  workspaceId: string,
  { from, to, after, limit = 200 }: ChangesRange,
): Promise<MirrorChange[]> {
  const start = after ?? { at: from, entity: afterEveryKind, id: '', version: 0 };
  return withWorkspace(orm, workspaceId, (em) =>
    query<MirrorChange>(em, changesSql, [workspaceId, start.at, start.entity, start.id, start.version, to, limit]),
  );
}

const afterEveryKind = 'zzz';

const page = (columns: string, table: string, at: string): string => `
  (select ${columns}, ${at} as at from ${table}
   where workspace_id = $1 and ${at} <= $6::timestamptz
     and (${at}, entity_type, entity_id, version) > ($2::timestamptz, $3, $4, $5::int)
   order by ${at}, entity_type, entity_id, version limit $7::int)`;

const named = 'entity_type, entity_id, version, source';

/** A page of each index, merged. */
export const changesSql = `
select entity_type as entity, entity_id as id, version, "isDeleted", source, ${iso('at')} as at from (
  ${page(`${named}, deleted_at is not null as "isDeleted"`, 'workspace_data', 'changed_at')}
  union all
  ${page(`${named}, is_deleted`, 'entity_versions', 'valid_from')}) changes
order by changes.at, entity_type, entity_id, version limit $7::int`;
