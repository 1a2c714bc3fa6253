import type { MikroORM } from '@mikro-orm/postgresql';
import type { ParentRule } from '../domain/reading-rules.ts';
import { withWorkspace } from './orm.ts';
import { query } from './sql.ts';

/** A stored parent whose list is to be read; `key` orders parents and marks the place in the order. */
export interface ParentRow {
  readonly key: string;
  readonly id: string;
}

const batchSize = 200;

/** The next parents of one page loop, after `after`. Every parent belongs to exactly one of the loops. */
export async function findParents(
  orm: MikroORM,
  {
    workspaceId,
    rule,
    loop,
    loops,
    after,
  }: { workspaceId: string; rule: ParentRule; loop: number; loops: number; after: string },
): Promise<ParentRow[]> {
  return withWorkspace(orm, workspaceId, (em) =>
    query<ParentRow>(
      em,
      `select key, id from (
         select entity_id as id, ${rule.archivedLast ? archivedLastKey : 'entity_id'} as key from workspace_data
         where workspace_id = $1 and entity_type = $2 and deleted_at is null
           and abs(hashtext(entity_id)::bigint) % $3::int = $4::int
           ${parentFilter(rule)}) parents
       where key > $5 collate "C" order by key collate "C" limit ${batchSize}`,
      [workspaceId, rule.entity, loops, loop, after],
    ),
  );
}

/** What SQL says of a row that is to be a parent, beyond its kind. */
export const parentFilter = ({ onlyPaid }: ParentRule): string =>
  onlyPaid ? `and coalesce((payload->>'paid')::numeric, 0) > 0` : '';

const archivedLastKey = `case when payload->>'archived' = 'true' then '1' else '0' end || entity_id`;
