import { cancellationSignal, log } from '@temporalio/activity';
import type { MikroORM } from '@mikro-orm/postgresql';
import { loadCoverage, saveFeedFindings } from '../db/coverage.ts';
import type { InstallationStatus } from '../db/installation.entity.ts';
import { getInstallation } from '../db/installations.ts';
import { findHeldFrom, lookAtFreshness, saveCaughtUp, saveDeltaMark } from '../db/refresh.ts';
import type { KindMarks } from '../db/refresh.ts';
import type { BootstrapOptions } from '../domain/bootstrap-options.ts';
import { findChanged, firstIdOf, nextFeedWindow } from '../domain/change-feeds.ts';
import type { FeedWindow } from '../domain/change-feeds.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { isPushed } from '../domain/coverage.ts';
import type { EntityType } from '../domain/entities.ts';
import { AddonError } from '../domain/errors.ts';
import type { RefetchTarget } from '../domain/refetch-target.ts';
import { buildTargetKey, mostTargets } from '../domain/refetch-target.ts';
import { planRefresh } from '../domain/refresh-plan.ts';
import { changeFeeds } from '../domain/webhook-states.ts';
import type { ChangeFeed } from '../domain/webhook-states.ts';
import { readFeed } from './change-feed.ts';
import type { FeedReader } from './change-feed.ts';
import { withHeartbeat } from './heartbeat.ts';
import { readMissed } from './missed-deliveries.ts';
import type { MissedDeps, MissedInput } from './missed-deliveries.ts';
import { isClosed } from './page-step.ts';

export interface RefreshDeps extends MissedDeps {
  readonly hourlyLimit: number | null;
}

export interface PlanRefreshInput extends InstallationRef {
  /** Changes were missed, whatever our own books say. */
  readonly isCatchingUp: boolean;
}

/** A kind whose feeds are read, from this moment on in epoch milliseconds. */
interface DeltaDue {
  readonly entity: EntityType;
  readonly since: number;
}

export interface RefreshDue {
  readonly delta: readonly DeltaDue[];
  readonly rescan: readonly EntityType[];
  /** How the kinds were read the last time. */
  readonly options: BootstrapOptions;
  /** By the database, which may be wrong: asked by refreshes that began before Temporal was. */
  readonly hasRunUnderWay: boolean;
  /** Nobody asked within the hour which webhooks Clockify has. */
  readonly isWebhookCheckDue: boolean;
  readonly isCatchingUp: boolean;
  /** Database time in epoch milliseconds. */
  readonly lookedAt: number;
}

export interface ReadChangesInput extends InstallationRef {
  readonly delta: readonly DeltaDue[];
  readonly lookedAt: number;
}

export interface ChangesRead {
  /** Kinds of which not everything could be told: only reading them whole helps. */
  readonly overdue: readonly EntityType[];
}

const maxWaitMs = 60_000;
const webhookCheckMs = 3_600_000;

export function createRefreshActivities(deps: RefreshDeps) {
  const { orm } = deps;
  return {
    /** What is due; null while the add-on is not in use, and before anything was copied. */
    async planRefresh({ isCatchingUp, ...ref }: PlanRefreshInput): Promise<RefreshDue | null> {
      if ((await findStatus(orm, ref)) !== 'active') return null;
      const look = await lookAtFreshness(orm, ref, deps.hourlyLimit);
      if (look.kinds.length === 0) return null;
      const { entities, events, feeds } = await loadCoverage(orm, ref);
      const wayOf = new Map(entities.map(({ entity, way }) => [entity, way]));
      const terms = {
        requestsPerHour: look.requestsPerHour ?? deps.requestsPerSecond * 3_600,
        now: look.now,
        feedsWork: feeds.every(({ state }) => state === 'works'),
        isCatchingUp: isCatchingUp || look.hasMissed,
      };
      const kinds = look.kinds.map((kind) => ({ ...kind, way: wayOf.get(kind.entity) ?? ('poll' as const) }));
      const { delta, rescan } = planRefresh(kinds, terms);
      return {
        delta: look.kinds.filter(({ entity }) => delta.includes(entity)).map(toDeltaDue),
        rescan,
        options: chooseOptions(look.kinds),
        hasRunUnderWay: look.hasRunUnderWay,
        isWebhookCheckDue: events.every(({ at }) => at === null || look.now - Date.parse(at) >= webhookCheckMs),
        isCatchingUp: terms.isCatchingUp,
        lookedAt: look.now,
      };
    },

    readChanges: (input: ReadChangesInput): Promise<ChangesRead> =>
      withHeartbeat(async () => {
        const read = await readChanges(deps, input, cancellationSignal());
        log.info('changes read', { entities: input.delta.map(({ entity }) => entity), overdue: read.overdue });
        return read;
      }),

    readMissedDeliveries: (input: MissedInput): Promise<ChangesRead> =>
      withHeartbeat(async () => {
        const { overdue, refused } = await readMissed(deps, input, cancellationSignal());
        log.info('failed deliveries made up for', { overdue, refused });
        return { overdue };
      }),

    /** Changes before this moment have been made up for. */
    async noteCaughtUp({ at, ...ref }: InstallationRef & { at: number }): Promise<void> {
      await saveCaughtUp(orm, ref, at);
    },
  };
}

/** Null for an installation that came after the backup from which the database was restored: its schedule is left. */
async function findStatus(orm: MikroORM, ref: InstallationRef): Promise<InstallationStatus | null> {
  try {
    return (await getInstallation(orm, ref)).status;
  } catch (error) {
    if (error instanceof AddonError && error.code === 'not_found') return null;
    throw error;
  }
}

const toDeltaDue = ({ entity, scannedAt, deltaUntil }: KindMarks): DeltaDue => ({
  entity,
  since: Math.max(scannedAt, deltaUntil ?? 0),
});

/** The window of time entries is that of the run which read them last; everything else is read in full. */
function chooseOptions(kinds: readonly KindMarks[]): BootstrapOptions {
  const days = kinds.find(({ entity }) => entity === 'time_entries')?.options.timeEntryDays;
  return { scope: 'everything', timeEntries: true, ...(days !== undefined && { timeEntryDays: days }) };
}

/** Asks the feeds what changed, and fetches that again. A kind that is done is not asked for twice. */
export async function readChanges(
  deps: RefreshDeps,
  { delta, lookedAt, workspaceId, addonId }: ReadChangesInput,
  signal?: AbortSignal,
): Promise<ChangesRead> {
  const ref = { workspaceId, addonId };
  const overdue: EntityType[] = [];
  const coverage = await loadCoverage(deps.orm, ref);
  for (const { entity, since } of delta) {
    const targets = await findTargets({ deps, ref, signal }, entity, nextFeedWindow(since, lookedAt));
    if (targets === null) overdue.push(entity);
    else {
      let changes = 0;
      for (const target of targets) {
        const reader = { ...ref, source: 'delta', maxWaitMs, ...(signal && { signal }) } as const;
        const { changed, deleted } = await deps.refetch(reader, target);
        changes += changed.length + deleted.length;
      }
      const missed = isPushed(coverage, entity) ? changes : 0;
      await saveDeltaMark(deps.orm, ref, { entity, until: lookedAt, missed });
    }
  }
  return { overdue };
}

interface Asking {
  readonly deps: RefreshDeps;
  readonly ref: InstallationRef;
  readonly signal: AbortSignal | undefined;
}

/** Null when the feeds cannot tell everything, or so much that reading the kind costs less. */
async function findTargets(
  asking: Asking,
  entity: EntityType,
  window: FeedWindow | null,
): Promise<RefetchTarget[] | null> {
  if (window === null) return null;
  const targets = new Map<string, RefetchTarget>();
  for (const feed of changeFeeds) {
    const rows = await askFeed(asking, feed, (reader) => readFeed(reader, feed, entity, window));
    if (rows === null) return null;
    for (const target of findChanged(entity, rows)) targets.set(buildTargetKey(target), target);
  }
  // A row that came and changed within one window is in no feed of it.
  const range = { firstId: firstIdOf(window), limit: mostTargets + 1 };
  const held = await findHeldFrom(asking.deps.orm, asking.ref.workspaceId, entity, range);
  for (const target of findChanged(
    entity,
    held.map((id) => ({ id })),
  ))
    targets.set(buildTargetKey(target), target);
  return targets.size > mostTargets ? null : [...targets.values()];
}

/** A feed that is closed is noted as such: from then on the kinds are read whole instead. */
async function askFeed(
  { deps: { orm, gateway, access, requestsPerSecond }, ref, signal }: Asking,
  feed: ChangeFeed,
  ask: (reader: FeedReader) => Promise<unknown[] | null>,
): Promise<unknown[] | null> {
  try {
    const opened = await access.open(ref);
    return await ask({ gateway, access: opened, requestsPerSecond, maxWaitMs, ...(signal && { signal }) });
  } catch (error) {
    if (!(error instanceof AddonError) || !isClosed(error)) throw error;
    await saveFeedFindings(orm, ref, [{ feed, state: 'refused', reason: 'Clockify closed this feed to the add-on.' }]);
    return null;
  }
}
