import type { EntityManager } from '@mikro-orm/postgresql';
import type { BootstrapOptions } from '../domain/bootstrap-options.ts';
import type { EntityType } from '../domain/entities.ts';
import type { ParentRule, ReadingRule } from '../domain/reading-rules.ts';
import { parentFilter } from './reading-lists.ts';
import { query } from './sql.ts';

/** A reading of one kind of rows that came to its end. */
export interface Copy {
  readonly entity: EntityType;
  readonly options: BootstrapOptions;
  readonly startedAt: string;
}

/** The readings of a workspace, the newest first; of those with the same reach in time only the newest. */
export function findCopies(em: EntityManager, workspaceId: string): Promise<Copy[]> {
  return query<Copy>(
    em,
    `select * from (
       select distinct on (e.entity, j.options->>'timeEntryDays') e.entity, j.options, j.started_at as "startedAt"
       from bootstrap_endpoints e join bootstrap_jobs j on j.workspace_id = e.workspace_id and j.run_id = e.run_id
       where e.workspace_id = $1 and e.state = 'read'
       order by e.entity, j.options->>'timeEntryDays', j.started_at desc) copies
     order by "startedAt" desc`,
    [workspaceId],
  );
}

/** The page sizes with which the newest finished run ended. */
export async function findLearnedPageSizes(em: EntityManager, workspaceId: string): Promise<Map<EntityType, number>> {
  const rows = await query<{ entity: EntityType; size: number }>(
    em,
    `select entity, min((cursor->>'pageSize')::int) as size from bootstrap_loops
     where workspace_id = $1 and run_id = (
       select run_id from bootstrap_jobs where workspace_id = $1 and finished_at is not null
       order by started_at desc limit 1)
     group by entity`,
    [workspaceId],
  );
  return new Map(rows.map(({ entity, size }) => [entity, size]));
}

/** So many lists hold so many rows each. */
export interface ListSize {
  readonly rows: number;
  readonly lists: number;
}

/** Which rows of a kind count: those whose time, found at `path`, lies in between. */
export interface RowTimes {
  readonly path: readonly string[];
  readonly from: string;
  readonly to: string | null;
}

/** The sizes of the lists of a kind as the mirror holds them: of the list itself, of its sweeps, or of each parent's. */
export async function countListSizes(
  em: EntityManager,
  workspaceId: string,
  rule: ReadingRule,
  times: RowTimes | null,
): Promise<ListSize[]> {
  if (rule.parent !== undefined) return countPerParent(em, workspaceId, { ...rule, parent: rule.parent }, times);
  const sizes: ListSize[] = [];
  for (const sweep of rule.sweeps ?? [{}]) {
    const [size] = await query<{ rows: number }>(
      em,
      `select count(*)::int as rows from workspace_data where ${isCounted}
         and not exists (select from jsonb_each_text($6::jsonb) f where payload->>f.key is distinct from f.value)`,
      [...countedParameters(workspaceId, rule.entity, times), JSON.stringify(sweep)],
    );
    sizes.push({ rows: size?.rows ?? 0, lists: 1 });
  }
  return sizes;
}

const countPerParent = (
  em: EntityManager,
  workspaceId: string,
  { entity, parent }: ReadingRule & { parent: ParentRule },
  times: RowTimes | null,
): Promise<ListSize[]> =>
  query<ListSize>(
    em,
    `with children as (
       select parent_id, count(*)::int as rows from workspace_data where ${isCounted} group by parent_id)
     select coalesce(c.rows, 0) as rows, count(*)::int as lists
     from workspace_data p left join children c on c.parent_id = p.entity_id
     where p.workspace_id = $1 and p.entity_type = $6 and p.deleted_at is null ${parentFilter(parent)}
     group by 1`,
    [...countedParameters(workspaceId, entity, times), parent.entity],
  );

/** How many parents the mirror holds, and some of them from all over. */
export async function sampleParents(
  em: EntityManager,
  workspaceId: string,
  parent: ParentRule,
): Promise<{ count: number; ids: string[] }> {
  const rows = await query<{ id: string; count: number }>(
    em,
    `select p.entity_id as id, count(*) over ()::int as count from workspace_data p
     where p.workspace_id = $1 and p.entity_type = $2 and p.deleted_at is null ${parentFilter(parent)}
     order by hashtext(p.entity_id), p.entity_id limit 200`,
    [workspaceId, parent.entity],
  );
  return { count: rows[0]?.count ?? 0, ids: rows.map(({ id }) => id) };
}

const isCounted = `workspace_id = $1 and entity_type = $2 and deleted_at is null and ($3::text[] is null
  or (payload #>> $3)::timestamptz between $4::timestamptz and coalesce($5::timestamptz, 'infinity'))`;

const countedParameters = (workspaceId: string, entity: EntityType, times: RowTimes | null): unknown[] => [
  workspaceId,
  entity,
  times?.path ?? null,
  times?.from ?? null,
  times?.to ?? null,
];
