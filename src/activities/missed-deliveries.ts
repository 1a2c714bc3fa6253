import type { MikroORM } from '@mikro-orm/postgresql';
import { loadCoverage } from '../db/coverage.ts';
import { addMissed, findGap } from '../db/refresh.ts';
import { findArrived } from '../db/webhook-events.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { eventsAbout } from '../domain/coverage.ts';
import type { EntityType } from '../domain/entities.ts';
import { AddonError } from '../domain/errors.ts';
import type { ErrorCode } from '../domain/errors.ts';
import { findTargets } from '../domain/event-targets.ts';
import type { DeliveryIds } from '../domain/event-targets.ts';
import { buildTargetKey, mostTargets } from '../domain/refetch-target.ts';
import type { RefetchTarget } from '../domain/refetch-target.ts';
import type { WebhookEvent } from '../domain/webhook-events.ts';
import { hasAnswered } from '../domain/webhook-states.ts';
import { readFailures } from './delivery-log.ts';
import type { LogWindow } from './delivery-log.ts';
import type { InstallationAccess } from './installation-access.ts';
import type { Refetch } from './refetch.ts';
import { createWebhookFamily } from './webhook-family.ts';
import type { FamilyDeps } from './webhook-family.ts';
import { runJobs } from './webhook-jobs.ts';
import { plan } from './webhook-work.ts';
import type { WebhookSession } from './webhook-work.ts';

export interface MissedDeps extends FamilyDeps {
  readonly orm: MikroORM;
  readonly access: InstallationAccess;
  readonly baseUrl: string;
  readonly refetch: Refetch;
}

export interface MissedInput extends InstallationRef {
  /** Kinds that are read whole anyway. */
  readonly rescan: readonly EntityType[];
}

const longestLogMs = 7 * 86_400_000;
const line = { lane: 'bulk', maxWaitMs: 60_000 } as const;

export interface MissedRead {
  /** Kinds of which so much was missed that only reading them whole helps. */
  readonly overdue: readonly EntityType[];
  /** What Clockify would not let be fetched again. */
  readonly refused: readonly string[];
}

/**
 * Makes up for the deliveries that failed since all was made up for, as far as Clockify opens its log of them: what they
 * are about is fetched again, and what changed counts as missed.
 */
export async function readMissed(
  deps: MissedDeps,
  { rescan, workspaceId, addonId }: MissedInput,
  signal: AbortSignal,
): Promise<MissedRead> {
  const ref = { workspaceId, addonId };
  const { since, now, copied } = await findGap(deps.orm, ref, longestLogMs);
  const kinds = copied.filter((entity) => !rescan.includes(entity));
  if (kinds.length === 0 || !(await isLogOpen(deps, ref))) return { overdue: [], refused: [] };
  const access = await deps.access.open(ref);
  const family = createWebhookFamily(deps, access, { signal, line });
  const session = { orm: deps.orm, baseUrl: deps.baseUrl, ref, family, signal };
  const { told, untold } = await readLogs(session, kinds, { from: new Date(since), to: new Date(now) });
  signal.throwIfAborted();
  const targets = groupTargets(told);
  const overdue: EntityType[] = [];
  const refused: string[] = [];
  for (const entity of kinds) {
    const own = targets.filter(({ target }) => target.entity === entity);
    const isCutShort = untold.some((event) => eventsAbout(entity).includes(event));
    if (isCutShort || own.length > mostTargets) overdue.push(entity);
    else for (const one of own) refused.push(...(await fetchAgain({ deps, ref, signal }, one)));
  }
  return { overdue, refused };
}

/** One event that could not be registered for this reason tells that the whole family is closed by now. */
async function isLogOpen({ orm }: MissedDeps, ref: InstallationRef): Promise<boolean> {
  const { events } = await loadCoverage(orm, ref);
  return hasAnswered(events) && !events.some(({ state }) => state === 'not_accessible');
}

interface MissedDelivery {
  readonly event: WebhookEvent;
  readonly ids: DeliveryIds;
}

interface LogsRead {
  readonly told: MissedDelivery[];
  /** Events of which more deliveries failed than it is worth to read. */
  readonly untold: WebhookEvent[];
}

/** Reads the logs that concern these kinds; one that Clockify refuses tells nothing. */
async function readLogs(session: WebhookSession, kinds: readonly EntityType[], window: LogWindow): Promise<LogsRead> {
  const { orm, ref, family, signal } = session;
  const wanted = new Set(kinds.flatMap(eventsAbout));
  const { keep, renew } = (await plan(session)).planned;
  const read: LogsRead = { told: [], untold: [] };
  const jobs = [...keep, ...renew].flatMap(({ event, webhookId }) => {
    if (webhookId === null || !wanted.has(event)) return [];
    const run = async (): Promise<void> => {
      const failures = await readFailures(family, webhookId, window, ref.workspaceId);
      if (failures === null) return void read.untold.push(event);
      const arrived = await findArrived(orm, ref, event, failures);
      const missed = failures.filter(({ bodyHash }) => !arrived.has(bodyHash));
      read.told.push(...missed.map(({ ids }) => ({ event, ids })));
    };
    return { event, run };
  });
  await runJobs(signal, jobs);
  return read;
}

interface NamedTarget {
  readonly target: RefetchTarget;
  readonly named: Set<string>;
}

/** Each target once, with the rows that deliveries say are among it. */
function groupTargets(missed: readonly MissedDelivery[]): NamedTarget[] {
  const found = new Map<string, NamedTarget>();
  for (const { event, ids } of missed) {
    const { entity, id, targets } = findTargets(event, ids);
    for (const target of targets) {
      const key = buildTargetKey(target);
      const one = found.get(key) ?? { target, named: new Set() };
      if (id !== null && target.entity === entity) one.named.add(id);
      found.set(key, one);
    }
  }
  return [...found.values()];
}

interface Fetching {
  readonly deps: MissedDeps;
  readonly ref: InstallationRef;
  readonly signal: AbortSignal;
}

/** What one row may be refused for while all others are fetched. */
const ofOneTarget: readonly ErrorCode[] = ['clockify_request_wrong', 'clockify_feature_gated'];

/**
 * Names the target if it was refused. Counts at once: what is fetched already when all this is done again looks as if
 * nothing had changed.
 */
async function fetchAgain({ deps, ref, signal }: Fetching, { target, named }: NamedTarget): Promise<string[]> {
  try {
    const reader = { ...ref, source: 'event', maxWaitMs: line.maxWaitMs, signal } as const;
    const { changed, deleted } = await deps.refetch(reader, target, [...named]);
    const missed = changed.length + deleted.length;
    if (missed > 0) await addMissed(deps.orm, ref, target.entity, missed);
    return [];
  } catch (error) {
    if (!(error instanceof AddonError) || !ofOneTarget.includes(error.code)) throw error;
    return [`${buildTargetKey(target)}: ${error.code}`];
  }
}
