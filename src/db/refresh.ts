import type { MikroORM } from '@mikro-orm/postgresql';
import type { BootstrapOptions } from '../domain/bootstrap-options.ts';
import type { InstallationRef } from '../domain/contract.ts';
import type { EntityType } from '../domain/entities.ts';
import { withWorkspace } from './orm.ts';
import { query } from './sql.ts';

/** How fresh one kind is by its last reading and by the feeds. Times are epoch milliseconds on the database's clock. */
export interface KindMarks {
  readonly entity: EntityType;
  readonly scannedAt: number;
  readonly requests: number;
  readonly deltaUntil: number | null;
  /** How the run that read it last was meant. */
  readonly options: BootstrapOptions;
}

/** What a look at an installation found. */
export interface RefreshLook {
  readonly now: number;
  /** Nobody looked, or nobody took deliveries, for so long that changes may have been missed. */
  readonly hasMissed: boolean;
  readonly hasRunUnderWay: boolean;
  /** The lowest of what the deployment allows and what was learned; null: none is known. */
  readonly requestsPerHour: number | null;
  /** Empty while it copied nothing yet, whatever an installation before it did. */
  readonly kinds: readonly KindMarks[];
}

const inMs = (time: string): string => `(extract(epoch from ${time}) * 1000)::float8`;

const kindsSql = `
with latest as (
  select distinct on (e.entity) e.entity, e.run_id, e.started_at, e.finished_at, j.options
  from bootstrap_endpoints e join bootstrap_jobs j on j.workspace_id = e.workspace_id and j.run_id = e.run_id
  where e.workspace_id = $1 and j.addon_id = $2 and e.finished_at is not null order by e.entity, j.started_at desc)
select l.entity, l.options, ${inMs('coalesce(l.started_at, l.finished_at)')} as "scannedAt",
  ${inMs('m.delta_until')} as "deltaUntil",
  (select coalesce(sum(o.requests), 0)::int from bootstrap_loops o
    where o.workspace_id = $1 and o.run_id = l.run_id and o.entity = l.entity) as requests
from latest l left join refresh_marks m on m.workspace_id = $1 and m.addon_id = $2 and m.entity_type = l.entity`;

const lookSql = `
with before as (
  select s.looked_at, coalesce(s.caught_up_at, i.installed_at) as caught_up_at
  from installations i left join refresh_states s using (workspace_id, addon_id)
  where workspace_id = $1 and addon_id = $2),
looked as (
  insert into refresh_states as s (workspace_id, addon_id, looked_at, caught_up_at)
  select workspace_id, addon_id, clock_timestamp(), installed_at from installations
  where workspace_id = $1 and addon_id = $2
  on conflict (workspace_id, addon_id) do update set looked_at = clock_timestamp() returning 1)
select ${inMs('clock_timestamp()')} as now,
  exists (select from before b where b.looked_at < clock_timestamp() - interval '1 hour'
    or b.caught_up_at < (select r.gap_ended_at from receiver r)) as "hasMissed",
  exists (select from bootstrap_jobs where workspace_id = $1 and finished_at is null) as "hasRunUnderWay",
  (select least($3::int, hourly_limit) from (values (1)) v left join rate_limits on workspace_id = $1)
    as "requestsPerHour"`;

/** Looks how fresh the copy of an installation is, and notes that somebody did. */
export function lookAtFreshness(
  orm: MikroORM,
  { workspaceId, addonId }: InstallationRef,
  hourlyLimit: number | null,
): Promise<RefreshLook> {
  return withWorkspace(orm, workspaceId, async (em) => {
    const [look] = await query<Omit<RefreshLook, 'kinds'>>(em, lookSql, [workspaceId, addonId, hourlyLimit]);
    if (look === undefined) throw new Error('The look brought nothing.');
    return { ...look, kinds: await query<KindMarks>(em, kindsSql, [workspaceId, addonId]) };
  });
}

/** Since when changes may have been missed, and of what. Times are epoch milliseconds on the database's clock. */
export interface Gap {
  readonly since: number;
  readonly now: number;
  /** Kinds that this installation copied. */
  readonly copied: readonly EntityType[];
}

/** A quarter of an hour overlaps what was made up for before, as with the feeds. */
const gapSql = `
select ${inMs('clock_timestamp()')} as now, ${inMs("max(caught_up_at) - interval '15 minutes'")} as since
from refresh_states where workspace_id = $1 and addon_id = $2`;

/** The time after the last moment up to which everything was made up for; at most `longestMs`. */
export function findGap(orm: MikroORM, { workspaceId, addonId }: InstallationRef, longestMs: number): Promise<Gap> {
  return withWorkspace(orm, workspaceId, async (em) => {
    const [row] = await query<{ now: number; since: number | null }>(em, gapSql, [workspaceId, addonId]);
    if (row === undefined) throw new Error('The database told no time.');
    const kinds = await query<KindMarks>(em, kindsSql, [workspaceId, addonId]);
    const { now, since } = row;
    return { now, since: Math.max(since ?? 0, now - longestMs), copied: kinds.map(({ entity }) => entity) };
  });
}

/** Ids of rows that the mirror holds, from `firstId` on; at most `limit`. */
export async function findHeldFrom(
  orm: MikroORM,
  workspaceId: string,
  entity: EntityType,
  { firstId, limit }: { readonly firstId: string; readonly limit: number },
): Promise<string[]> {
  const rows = await withWorkspace(orm, workspaceId, (em) =>
    query<{ id: string }>(
      em,
      `select entity_id as id from workspace_data where workspace_id = $1 and entity_type = $2 and entity_id >= $3
         and deleted_at is null order by entity_id limit $4::int`,
      [workspaceId, entity, firstId, limit],
    ),
  );
  return rows.map(({ id }) => id);
}

/** Changes before this moment, in epoch milliseconds, have been made up for. */
export async function saveCaughtUp(orm: MikroORM, ref: InstallationRef, at: number): Promise<void> {
  await withWorkspace(orm, ref.workspaceId, (em) =>
    query(
      em,
      `update refresh_states set caught_up_at = greatest(caught_up_at, to_timestamp($3::float8 / 1000))
       where workspace_id = $1 and addon_id = $2`,
      [ref.workspaceId, ref.addonId, at],
    ),
  );
}

interface DeltaMark {
  readonly entity: EntityType;
  /** Up to when the feeds were read, in epoch milliseconds. */
  readonly until: number;
  /** Changes that no event had told. */
  readonly missed: number;
}

/** Notes how far the feeds were read for a kind. Nothing is noted of an installation that is gone. */
export async function saveDeltaMark(
  orm: MikroORM,
  { workspaceId, addonId }: InstallationRef,
  { entity, until, missed }: DeltaMark,
): Promise<void> {
  await withWorkspace(orm, workspaceId, (em) =>
    query(
      em,
      `insert into refresh_marks as m (workspace_id, addon_id, entity_type, delta_until, missed)
       select workspace_id, addon_id, $3, to_timestamp($4::float8 / 1000), $5::int from installations
       where workspace_id = $1 and addon_id = $2
       on conflict (workspace_id, addon_id, entity_type) do update set
         delta_until = greatest(m.delta_until, excluded.delta_until), missed = m.missed + excluded.missed`,
      [workspaceId, addonId, entity, until, missed],
    ),
  );
}

/** Counts changes of a kind that no event had told. Nothing is noted of an installation that is gone. */
export async function addMissed(
  orm: MikroORM,
  { workspaceId, addonId }: InstallationRef,
  entity: EntityType,
  missed: number,
): Promise<void> {
  await withWorkspace(orm, workspaceId, (em) =>
    query(
      em,
      `insert into refresh_marks as m (workspace_id, addon_id, entity_type, missed)
       select workspace_id, addon_id, $3, $4::int from installations where workspace_id = $1 and addon_id = $2
       on conflict (workspace_id, addon_id, entity_type) do update set missed = m.missed + excluded.missed`,
      [workspaceId, addonId, entity, missed],
    ),
  );
}
