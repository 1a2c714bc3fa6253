import type { MikroORM } from '@mikro-orm/postgresql';
import type { BootstrapStatus, EntityState, EntityStatus, Evidence, RunStatus } from '../domain/bootstrap-status.ts';
import type { EntityType } from '../domain/entities.ts';
import type { ErrorCode } from '../domain/errors.ts';
import { readingRules } from '../domain/reading-rules.ts';
import { loadBudget } from './budget.ts';
import { rateOf } from './mirror.ts';
import { withWorkspace } from './orm.ts';
import { query } from './sql.ts';

interface JobRow {
  readonly runId: string;
  readonly status: RunStatus;
  readonly startedAt: string;
  readonly finishedAt: string | null;
}

interface EntityRow {
  readonly entity: EntityType;
  readonly runId: string;
  readonly state: EntityState;
  readonly expected: number | null;
  readonly stored: number | null;
  readonly complete: boolean | null;
  readonly evidence: Evidence | null;
  readonly reason: string | null;
  readonly lastError: string | null;
  readonly lastErrorCode: ErrorCode | null;
  readonly lastFullScanAt: string | null;
  readonly lastDeltaAt: string | null;
  readonly lastEventAt: string | null;
  readonly missed: number;
  readonly pages: number;
  readonly rows: number;
  /** Rows of the reading under way, which may not be the first one of the run. */
  readonly reading: number;
  readonly requests: number;
  readonly seconds: number | null;
  readonly listsDone: number;
  readonly listsTotal: number | null;
}

const jobSql = `select run_id as "runId", status, started_at as "startedAt", finished_at as "finishedAt"
  from bootstrap_jobs where workspace_id = $1 order by started_at desc limit 1`;

/** Each kind by the newest run that reads it; one that an older run did not come to the end of says nothing. */
const entitiesSql = `with latest as (
    select distinct on (e.entity) e.* from bootstrap_endpoints e
      join bootstrap_jobs j on j.workspace_id = e.workspace_id and j.run_id = e.run_id
    where e.workspace_id = $1 and (e.run_id = $2 or e.finished_at is not null)
    order by e.entity, j.started_at desc)
  select e.entity, e.run_id as "runId", e.state, e.expected, e.stored, e.complete, e.evidence, e.reason,
    e.last_error as "lastError", e.last_error_code as "lastErrorCode",
    (select max(s.finished_at) from bootstrap_endpoints s
      where s.workspace_id = $1 and s.entity = e.entity and s.complete) as "lastFullScanAt",
    m.delta_until as "lastDeltaAt", m.event_at as "lastEventAt", (m.missed + (select coalesce(sum(s.missed), 0)
      from bootstrap_endpoints s where s.workspace_id = $1 and s.entity = e.entity))::int as missed, l.pages, l.rows, l.reading, l.requests, l.lists as "listsDone",
    extract(epoch from coalesce(e.finished_at, clock_timestamp()) - e.started_at)::float8 as seconds,
    (select p.stored from latest p where p.entity = $3::jsonb->>e.entity) as "listsTotal"
  from latest e, lateral (
    select sum(pages)::int as pages, sum(rows)::int as rows, sum(requests)::int as requests,
      sum((cursor#>>'{tally,lists}')::int)::int as lists,
      sum((cursor#>>'{tally,rows}')::int + (cursor#>>'{list,rows}')::int)::int as reading
    from bootstrap_loops where workspace_id = $1 and run_id = e.run_id and entity = e.entity) l, lateral (
    select max(delta_until) as delta_until, max(event_at) as event_at, coalesce(sum(missed), 0) as missed
    from refresh_marks where workspace_id = $1 and entity_type = e.entity) m`;

/** The lowest of what the deployment, the workspace and the run under way allow. */
const limitSql = `select least($2::float8,
    (select min((settings->>'requests_per_second')::float8) from installations where workspace_id = $1 and status = 'active'),
    (select ${rateOf} from bootstrap_jobs j where j.workspace_id = $1 and j.finished_at is null
      order by j.started_at desc limit 1)) as "limitPerSecond"`;

const parentOf = Object.fromEntries(readingRules.map(({ entity, parent }) => [entity, parent?.entity ?? null]));

export interface DeploymentLimits {
  readonly limitPerSecond: number;
  readonly hourlyLimit?: number | null;
  readonly autoBootstrap: boolean;
}

/** The newest run of a workspace, and what is known of each kind of rows, as the status page and the API show it. */
export async function loadBootstrapStatus(
  orm: MikroORM,
  workspaceId: string,
  { limitPerSecond, hourlyLimit = null, autoBootstrap }: DeploymentLimits,
): Promise<BootstrapStatus> {
  return withWorkspace(orm, workspaceId, async (em) => {
    const [job] = await query<JobRow>(em, jobSql, [workspaceId]);
    const [last] = await query<{ at: string | null; isWanted: boolean }>(
      em,
      `select (select max(last_bootstrap_at) from installations where workspace_id = $1) as at,
         exists (select from installations where workspace_id = $1 and status = 'active'
           and coalesce(settings->>'auto_bootstrap', 'true') = 'true') as "isWanted"`,
      [workspaceId],
    );
    const [limit] = await query<{ limitPerSecond: number }>(em, limitSql, [workspaceId, limitPerSecond]);
    const parameters = [workspaceId, job?.runId, JSON.stringify(parentOf)];
    const rows = job === undefined ? [] : await query<EntityRow>(em, entitiesSql, parameters);
    const inOrder = readingRules.flatMap(({ entity }) => rows.find((row) => row.entity === entity) ?? []);
    return {
      workspaceId,
      runId: job?.runId ?? null,
      status: job?.status ?? 'NOT_STARTED',
      startedAt: toIso(job?.startedAt),
      finishedAt: toIso(job?.finishedAt),
      lastBootstrapAt: toIso(last?.at),
      startsOnVisit: job === undefined && autoBootstrap && last?.isWanted === true,
      requests: rows.reduce((sum, { runId, requests }) => sum + (runId === job?.runId ? requests : 0), 0),
      budget: await loadBudget(em, workspaceId, limit?.limitPerSecond ?? limitPerSecond, hourlyLimit),
      entities: inOrder.map(presentEntity),
    };
  });
}

const toIso = (time: string | null | undefined): string | null => (time ? new Date(time).toISOString() : null);

function presentEntity(row: EntityRow): EntityStatus {
  const { entity, runId, state, pages, rows, complete, evidence, reason, lastError, lastErrorCode, expected } = row;
  const isReading = state === 'reading' && row.seconds !== null && row.seconds > 0;
  const ratePerSecond = isReading ? round(row.reading / row.seconds) : null;
  const etaSeconds = isReading ? estimateSeconds(row, row.seconds) : null;
  return {
    entity,
    runId,
    state,
    pages,
    rows,
    stored: state === 'read' ? row.stored : null,
    expected,
    complete,
    evidence,
    reason,
    ratePerSecond,
    etaSeconds,
    lastError,
    lastErrorCode,
    lastFullScanAt: toIso(row.lastFullScanAt),
    lastDeltaAt: toIso(row.lastDeltaAt),
    lastEventAt: toIso(row.lastEventAt),
    missed: row.missed,
  };
}

/** By the share of parents whose lists are done; null while there is nothing to go by. */
function estimateSeconds({ listsDone, listsTotal }: EntityRow, seconds: number): number | null {
  if (listsTotal === null || listsDone === 0) return null;
  return Math.max(0, Math.round((seconds / listsDone) * (listsTotal - listsDone)));
}

const round = (value: number): number => Math.round(value * 10) / 10;
