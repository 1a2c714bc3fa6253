import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { BootstrapOptions } from '../domain/bootstrap-options.ts';
import type { EntityState, Evidence, RunStatus } from '../domain/bootstrap-status.ts';
import type { InstallationRef } from '../domain/contract.ts';
import type { EntityType } from '../domain/entities.ts';
import { AddonError } from '../domain/errors.ts';
import type { ErrorCode } from '../domain/errors.ts';
import { startCursor } from '../domain/paging.ts';
import type { Cursor } from '../domain/paging.ts';
import type { PlannedEntity } from '../domain/bootstrap-plan.ts';
import { BootstrapEndpoint, BootstrapJob } from './bootstrap.entity.ts';
import type { InstallationStatus } from './installation.entity.ts';
import { rateOf } from './mirror.ts';
import type { LoopRef } from './mirror.ts';
import { withWorkspace } from './orm.ts';
import { query } from './sql.ts';

export interface RunRef extends InstallationRef {
  readonly runId: string;
}

export interface NewRun extends RunRef {
  readonly options: BootstrapOptions;
  readonly requestId: string;
  readonly plan: readonly PlannedEntity[];
  /** The largest size a list is asked with. */
  readonly pageSizeOf: (entity: EntityType) => number;
}

/** Creates the rows of a run, and closes an older one left open. False when the run is there already: nothing changes. */
export async function openRun(orm: MikroORM, run: NewRun): Promise<boolean> {
  return withWorkspace(orm, run.workspaceId, async (em) => {
    const opened = await query(
      em,
      `insert into bootstrap_jobs
         (workspace_id, run_id, addon_id, status, options, request_id, paused, control_version, started_at)
       values ($1, $2, $3, 'RUNNING', $4::jsonb, $5, false, 0, clock_timestamp())
       on conflict do nothing returning run_id`,
      [run.workspaceId, run.runId, run.addonId, JSON.stringify(run.options), run.requestId],
    );
    if (opened.length === 0) return false;
    await query(
      em,
      `update bootstrap_jobs set status = 'CANCELLED', finished_at = clock_timestamp()
       where workspace_id = $1 and run_id <> $2 and finished_at is null`,
      [run.workspaceId, run.runId],
    );
    for (const planned of run.plan) await insertEntity(em, run, planned);
    return true;
  });
}

async function insertEntity(em: EntityManager, run: NewRun, { entity, loops }: PlannedEntity): Promise<void> {
  await query(
    em,
    `insert into bootstrap_endpoints (workspace_id, run_id, entity, state) values ($1, $2, $3, 'waiting')`,
    [run.workspaceId, run.runId, entity],
  );
  const learned = await findLearnedPageSize(em, run.workspaceId, entity);
  const pageSize = Math.min(run.pageSizeOf(entity), 2 * (learned ?? run.pageSizeOf(entity)));
  await query(
    em,
    `insert into bootstrap_loops (workspace_id, run_id, entity, loop, cursor, fence, pages, rows, requests, updated_at)
     select $1, $2, $3, loop, $4::jsonb, 0, 0, 0, 0, clock_timestamp() from generate_series(0, $5::int - 1) loop`,
    [run.workspaceId, run.runId, entity, JSON.stringify(startCursor(pageSize)), loops],
  );
}

/** The size with which the newest finished run ended. The next one starts with twice as much: a cap may be gone. */
async function findLearnedPageSize(em: EntityManager, workspaceId: string, entity: EntityType): Promise<number | null> {
  const rows = await query<{ size: number | null }>(
    em,
    `select min((l.cursor->>'pageSize')::int) as size from bootstrap_loops l
     where l.workspace_id = $1 and l.entity = $2 and l.run_id = (
       select j.run_id from bootstrap_jobs j where j.workspace_id = $1 and j.finished_at is not null
       order by j.started_at desc limit 1)`,
    [workspaceId, entity],
  );
  return rows[0]?.size ?? null;
}

/** What an attempt needs to continue a page loop. */
export interface ClaimedLoop {
  readonly fence: number;
  readonly cursor: Cursor;
  readonly paused: boolean;
  readonly controlVersion: number;
  readonly options: BootstrapOptions;
  /** Requests a second that this run is held to; null: no more than the workspace's own limit. */
  readonly requestsPerSecond: number | null;
  readonly startedAt: string;
  readonly addonId: string;
  readonly installationStatus: InstallationStatus;
}

/**
 * Takes a page loop over: from now on a commit of any earlier attempt is refused. Throws `not_found` for a run that was
 * purged, or that the database has no more since it was restored from a backup.
 */
export async function claimLoop(orm: MikroORM, ref: LoopRef): Promise<ClaimedLoop> {
  return withWorkspace(orm, ref.workspaceId, async (em) => {
    await query(
      em,
      `update bootstrap_endpoints set state = 'reading', started_at = coalesce(started_at, clock_timestamp())
       where workspace_id = $1 and run_id = $2 and entity = $3 and state in ('waiting', 'reading')`,
      [ref.workspaceId, ref.runId, ref.entity],
    );
    const rows = await query<ClaimedLoop>(
      em,
      `update bootstrap_loops l set fence = l.fence + 1 from bootstrap_jobs j join installations i
         on i.workspace_id = j.workspace_id and i.addon_id = j.addon_id
       where l.workspace_id = $1 and l.run_id = $2 and l.entity = $3 and l.loop = $4::int
         and j.workspace_id = l.workspace_id and j.run_id = l.run_id
       returning l.fence, l.cursor, j.paused, j.control_version as "controlVersion", j.options,
         ${rateOf} as "requestsPerSecond", j.started_at as "startedAt", j.addon_id as "addonId", i.status as "installationStatus"`,
      [ref.workspaceId, ref.runId, ref.entity, ref.loop],
    );
    const claimed = rows[0];
    if (claimed === undefined)
      throw new AddonError('not_found', `There is no page loop ${ref.entity}/${ref.loop} in run ${ref.runId}.`);
    return claimed;
  });
}

/** How reading one kind of rows ended; members left out stay as they are. */
export interface EntityOutcome {
  readonly state: EntityState;
  readonly complete: boolean;
  readonly reason: string | null;
  readonly expected?: number;
  readonly stored?: number;
  readonly missed?: number;
  readonly evidence?: Evidence;
  readonly lastErrorCode?: ErrorCode;
}

export async function saveOutcome(
  em: EntityManager,
  { workspaceId, runId, entity }: { workspaceId: string; runId: string; entity: EntityType },
  outcome: EntityOutcome,
): Promise<void> {
  await em.nativeUpdate(BootstrapEndpoint, { workspaceId, runId, entity }, { ...outcome, finishedAt: new Date() });
}

/** Notes the last failure of an entity that is still being read. */
export async function saveLastError(orm: MikroORM, ref: LoopRef, { message, code }: AddonError): Promise<void> {
  await withWorkspace(orm, ref.workspaceId, (em) =>
    em.nativeUpdate(
      BootstrapEndpoint,
      { workspaceId: ref.workspaceId, runId: ref.runId, entity: ref.entity },
      { lastError: message, lastErrorCode: code },
    ),
  );
}

/** From now on no page of these loops is stored; what claims a loop again goes on. */
export async function fenceLoops(
  em: EntityManager,
  { workspaceId, runId, entity }: { workspaceId: string; runId: string; entity: EntityType },
): Promise<void> {
  await query(
    em,
    'update bootstrap_loops set fence = fence + 1 where workspace_id = $1 and run_id = $2 and entity = $3',
    [workspaceId, runId, entity],
  );
}

/** Holds a run to so many requests a second, from the next page of each loop on. */
export async function saveRate(orm: MikroORM, ref: RunRef, requestsPerSecond: number): Promise<void> {
  const { workspaceId, runId } = ref;
  await withWorkspace(orm, workspaceId, (em) =>
    em.nativeUpdate(BootstrapJob, { workspaceId, runId, finishedAt: null }, { requestsPerSecond }),
  );
}

/** Sets whether page loops may go on; they see it with their next page. Versions only grow, so a late call is void. */
export async function saveControl(
  orm: MikroORM,
  ref: RunRef,
  control: { readonly paused: boolean; readonly version: number },
): Promise<void> {
  await withWorkspace(orm, ref.workspaceId, (em) =>
    query(
      em,
      `update bootstrap_jobs set paused = $3, control_version = $4::int, status = case when $3 then 'PAUSED' else 'RUNNING' end
       where workspace_id = $1 and run_id = $2 and control_version < $4::int and finished_at is null`,
      [ref.workspaceId, ref.runId, control.paused, control.version],
    ),
  );
}

/** Ends a run. A complete one is noted on the installation. */
export async function closeRun(orm: MikroORM, ref: RunRef, status: RunStatus): Promise<void> {
  await withWorkspace(orm, ref.workspaceId, async (em) => {
    const closed = await query(
      em,
      `update bootstrap_jobs set status = $3, paused = false, finished_at = clock_timestamp()
       where workspace_id = $1 and run_id = $2 and finished_at is null returning run_id`,
      [ref.workspaceId, ref.runId, status],
    );
    if (closed.length === 0) return;
    if (status !== 'COMPLETED' && status !== 'COMPLETED_WITH_WARNINGS') return;
    await query(
      em,
      'update installations set last_bootstrap_at = clock_timestamp() where workspace_id = $1 and addon_id = $2',
      [ref.workspaceId, ref.addonId],
    );
  });
}
