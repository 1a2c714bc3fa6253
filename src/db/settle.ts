import { raw } from '@mikro-orm/postgresql';
import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { BootstrapOptions } from '../domain/bootstrap-options.ts';
import type { EntityState } from '../domain/bootstrap-status.ts';
import type { Counted } from '../domain/completeness.ts';
import type { EntityType } from '../domain/entities.ts';
import { AddonError } from '../domain/errors.ts';
import { startCursor } from '../domain/paging.ts';
import type { Tally } from '../domain/paging.ts';
import { BootstrapEndpoint, BootstrapPage } from './bootstrap.entity.ts';
import { withWorkspace } from './orm.ts';
import { query } from './sql.ts';

interface EntityRef {
  readonly workspaceId: string;
  readonly runId: string;
  readonly entity: EntityType;
}

/** What a run saw of one kind of rows, what of it stands in the mirror, and how the run was meant. */
export interface Findings extends Counted {
  /** False while a page loop has not come to its end. */
  readonly isRead: boolean;
  readonly options: BootstrapOptions;
  readonly startedAt: string;
}

/** Throws `not_found` as `claimLoop` does. */
export async function loadFindings(orm: MikroORM, { workspaceId, runId, entity }: EntityRef): Promise<Findings> {
  return withWorkspace(orm, workspaceId, async (em) => {
    await avoidNestedLoops(em);
    const loops = await query<{ tally: Tally; done: boolean }>(
      em,
      `select cursor->'tally' as tally, (cursor->>'done')::boolean as done from bootstrap_loops where workspace_id = $1 and run_id = $2 and entity = $3`,
      [workspaceId, runId, entity],
    );
    const counts = await query<{ seen: string; delivered: string; stored: string }>(
      em,
      `with ids as (select unnest(entity_ids) as id, fetched_at from bootstrap_pages
         where workspace_id = $1 and run_id = $2 and entity = $3),
       seen as (select id, max(fetched_at) as seen_at from ids group by id)
       select (select count(*) from ids) as delivered, count(*) as seen, count(d.entity_id) as stored
       from seen left join workspace_data d
         on d.workspace_id = $1 and d.entity_type = $3 and d.entity_id = seen.id
           and (d.deleted_at is null or d.observed_at > seen.seen_at)`,
      [workspaceId, runId, entity],
    );
    const jobs = await query<{ options: BootstrapOptions; startedAt: string }>(
      em,
      `select options, started_at as "startedAt" from bootstrap_jobs where workspace_id = $1 and run_id = $2`,
      [workspaceId, runId],
    );
    const [count] = counts;
    const [job] = jobs;
    if (job === undefined) throw new AddonError('not_found', `There is no run ${runId}.`);
    const seen = Number(count?.seen ?? 0);
    return {
      ...job,
      isRead: loops.every(({ done }) => done),
      tallies: loops.map(({ tally }) => tally),
      seen,
      repeated: Number(count?.delivered ?? 0) - seen,
      stored: Number(count?.stored ?? 0),
    };
  });
}

/** Only rows whose time, found at `path`, lies in between may be missed by the reading. */
interface RowTimes {
  readonly path: readonly string[];
  readonly from: string;
  readonly to: string | null;
}

const isWithin = `and (payload #>> $5::text[])::timestamptz between $6::timestamptz and coalesce($7::timestamptz, 'infinity')`;

/**
 * Marks rows that a complete reading did not see as deleted. Rows observed after the reading began stay, and so do
 * rows whose parent is gone where `livingParent` names the kind of parent.
 */
export async function markUnseenDeleted(
  orm: MikroORM,
  { workspaceId, runId, entity }: EntityRef,
  times: RowTimes | null,
  livingParent: EntityType | null = null,
): Promise<void> {
  await withWorkspace(orm, workspaceId, async (em) => {
    await avoidNestedLoops(em);
    await query(
      em,
      `update workspace_data d set deleted_at = clock_timestamp(), changed_at = clock_timestamp(), version = version + 1,
         observed_at = e.started_at, source = 'scan'
       from bootstrap_endpoints e
       where e.workspace_id = $1 and e.run_id = $2 and e.entity = $3
         and d.workspace_id = $1 and d.entity_type = $3 and d.deleted_at is null and d.observed_at < e.started_at
         and not exists (select from (select unnest(entity_ids) as id from bootstrap_pages
           where workspace_id = $1 and run_id = $2 and entity = $3) seen where seen.id = d.entity_id)
         and ($4::text is null or exists (select from workspace_data p where p.workspace_id = $1
           and p.entity_type = $4 and p.entity_id = d.parent_id and p.deleted_at is null))
         ${times === null ? '' : isWithin}`,
      [workspaceId, runId, entity, livingParent, ...(times === null ? [] : [times.path, times.from, times.to])],
    );
  });
}

/** Rows that the reading changed; 0 for the first reading of all, which changes everything. */
export async function countChanged(orm: MikroORM, { workspaceId, runId, entity }: EntityRef): Promise<number> {
  const [row] = await withWorkspace(orm, workspaceId, (em) =>
    query<{ changed: number }>(
      em,
      `select count(*)::int as changed from bootstrap_endpoints e join workspace_data d
         on d.workspace_id = $1 and d.entity_type = $3 and d.source = 'scan' and d.changed_at >= e.started_at
       where e.workspace_id = $1 and e.run_id = $2 and e.entity = $3 and exists (select from bootstrap_endpoints b
         where b.workspace_id = $1 and b.run_id <> $2 and b.entity = $3 and b.complete)`,
      [workspaceId, runId, entity],
    ),
  );
  return row?.changed ?? 0;
}

/** On tables that Postgres has no statistics of yet it would compare every id seen with every row: n² instead of n. */
const avoidNestedLoops = (em: EntityManager): Promise<unknown> => query(em, 'set local enable_nestloop = off');

/**
 * Sets the page loops of a kind back to the start and forgets what they saw; the sizes they learned stay. The reading
 * begins now: rows that only the one before saw are gone unless this one sees them too.
 */
export async function restartLoops(orm: MikroORM, ref: EntityRef): Promise<void> {
  const { workspaceId, runId, entity } = ref;
  await withWorkspace(orm, workspaceId, async (em) => {
    await resetLoops(em, ref);
    await em.nativeUpdate(BootstrapEndpoint, { workspaceId, runId, entity }, { startedAt: raw('clock_timestamp()') });
  });
}

/** As `restartLoops`, for a kind that was done: it waits for its turn again, and what was said of it is void. */
export async function restartEntity(orm: MikroORM, ref: EntityRef): Promise<void> {
  const { workspaceId, runId, entity } = ref;
  await withWorkspace(orm, workspaceId, async (em) => {
    await resetLoops(em, ref);
    await em.nativeUpdate(
      BootstrapEndpoint,
      { workspaceId, runId, entity },
      { state: 'waiting', complete: null, evidence: null, reason: null, startedAt: null, finishedAt: null },
    );
  });
}

async function resetLoops(em: EntityManager, { workspaceId, runId, entity }: EntityRef): Promise<void> {
  await query(
    em,
    `update bootstrap_loops set fence = fence + 1,
       cursor = $4::jsonb || jsonb_build_object('pageSize', cursor->'pageSize'), updated_at = clock_timestamp()
     where workspace_id = $1 and run_id = $2 and entity = $3`,
    [workspaceId, runId, entity, JSON.stringify(startCursor(1))],
  );
  await em.nativeDelete(BootstrapPage, { workspaceId, runId, entity });
}

/** The page log of older runs has served its purpose once a newer run has settled the same rows. */
export async function dropOlderPages(orm: MikroORM, { workspaceId, runId, entity }: EntityRef): Promise<void> {
  await withWorkspace(orm, workspaceId, (em) =>
    query(em, 'delete from bootstrap_pages where workspace_id = $1 and entity = $3 and run_id <> $2', [
      workspaceId,
      runId,
      entity,
    ]),
  );
}

/** Copies the workspace's plan to its installations: it decides how a refusal is understood. */
export async function savePlanOfWorkspace(orm: MikroORM, { workspaceId }: { workspaceId: string }): Promise<void> {
  await withWorkspace(orm, workspaceId, (em) =>
    query(
      em,
      `update installations i set plan = d.payload->>'featureSubscriptionType' from workspace_data d
       where i.workspace_id = $1 and d.workspace_id = $1 and d.entity_type = 'workspace' and d.entity_id = $1`,
      [workspaceId],
    ),
  );
}

/** How each kind of rows of a run ended. */
export async function loadStates(
  orm: MikroORM,
  { workspaceId, runId }: { workspaceId: string; runId: string },
): Promise<{ state: EntityState; complete: boolean | null }[]> {
  return withWorkspace(orm, workspaceId, (em) =>
    query(em, 'select state, complete from bootstrap_endpoints where workspace_id = $1 and run_id = $2', [
      workspaceId,
      runId,
    ]),
  );
}
