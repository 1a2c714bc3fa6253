import type { MikroORM } from '@mikro-orm/postgresql';
import { failDeliveries, finishDeliveries } from '../db/deliveries.ts';
import type { DeliveryEffect, DueDelivery } from '../db/deliveries.ts';
import { suspectInstallation } from '../db/doubt.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { findRetryDelay } from '../domain/delivery-retry.ts';
import { AddonError } from '../domain/errors.ts';
import type { ErrorCode } from '../domain/errors.ts';
import type { Gateway } from './clockify-gateway.ts';
import { groupByTarget, noteFetched } from './delivery-round.ts';
import type { OpenDelivery, TargetGroup } from './delivery-round.ts';
import type { InstallationAccess } from './installation-access.ts';
import type { LastFetches } from './last-fetches.ts';
import type { Refetch } from './refetch.ts';
import { probeToken } from './token-probe.ts';

export interface DrainDeps {
  readonly orm: MikroORM;
  readonly gateway: Gateway;
  readonly access: InstallationAccess;
  readonly refetch: Refetch;
  readonly requestsPerSecond: number;
  /** How long one attempt goes on before it hands back to the workflow. */
  readonly budgetMs: number;
  /** Told of each delivery whose try has ended; the seconds from its last coming to the mirror, if it got there. */
  readonly onProcessed?: (outcome: DeliveryEffect | 'failed' | 'parked', seconds: number | null) => void;
}

/** `halted`: the add-on is not in use. `waiting`: the budget is used up, or Clockify is away. */
export type Stop = { readonly state: 'halted' } | { readonly state: 'waiting'; readonly retryAfterMs: number };

/** One attempt at a mailbox. */
export interface Drain {
  readonly deps: DrainDeps;
  readonly ref: InstallationRef;
  readonly signal?: AbortSignal;
  readonly endsAt: number;
  /** Of this process, over all mailboxes. */
  readonly lastFetches: LastFetches;
}

const mostAtOnce = 8;

/** Fetches what the deliveries name, each target once. `isIdle`: all of it was fetched too short a time ago. */
export async function processRound(
  drain: Drain,
  due: readonly DueDelivery[],
): Promise<{ readonly stop: Stop | null; readonly isIdle: boolean }> {
  const { groups, ignored } = groupByTarget(due);
  const answered = groups.flatMap((group) => drain.lastFetches.answer(drain.ref, group));
  await settle(drain, [...ignored, ...answered.filter(({ left }) => left === 0)]);
  const queue = groups.filter((group) => group.deliveries.length > 0 && drain.lastFetches.mayRepeat(drain.ref, group));
  const isIdle = queue.length + ignored.length + answered.length === 0;
  const judge = createJudge(drain);
  let stop: Stop | null = null;

  async function work(): Promise<void> {
    for (let group = queue.shift(); group !== undefined; group = queue.shift()) {
      stop ??= await processGroup(drain, group, judge);
      if (stop !== null || performance.now() >= drain.endsAt) queue.length = 0;
    }
  }

  const outcomes = await Promise.allSettled(Array.from({ length: mostAtOnce }, work));
  const broken = outcomes.find((outcome) => outcome.status === 'rejected');
  if (broken !== undefined) throw broken.reason;
  return { stop, isIdle };
}

/** The entities of the deliveries, where they are of the kind that is fetched. */
function findNamed({ target, deliveries }: TargetGroup): string[] {
  const named = deliveries.flatMap(({ entity, entityId }) => (entity === target.entity ? (entityId ?? []) : []));
  return [...new Set(named)];
}

type Judge = (error: unknown, group: TargetGroup) => Promise<Stop | AddonError>;

async function processGroup(drain: Drain, group: TargetGroup, judge: Judge): Promise<Stop | null> {
  const { deps, ref, signal, endsAt } = drain;
  const { target, deliveries } = group;
  const maxWaitMs = Math.max(0, endsAt - performance.now());
  drain.lastFetches.note(ref, group, null);
  try {
    const reader = { ...ref, source: 'event', maxWaitMs, ...(signal && { signal }) } as const;
    const fetched = await deps.refetch(reader, target, findNamed(group));
    drain.lastFetches.note(ref, group, fetched);
    for (const open of deliveries) noteFetched(open, target, fetched);
  } catch (error) {
    const verdict = await judge(error, group);
    if (!(verdict instanceof AddonError)) return verdict;
    for (const open of deliveries) {
      open.error ??= verdict;
      open.left -= 1;
    }
  }
  await settle(
    drain,
    deliveries.filter(({ left }) => left === 0),
  );
  return null;
}

/** Closes deliveries whose targets are all done. */
async function settle({ deps, ref }: Drain, done: readonly OpenDelivery[]): Promise<void> {
  const finished = done
    .filter(({ error }) => error === null)
    .map(({ delivery, effect, entity, entityId }) => {
      const { id, deliveries } = delivery;
      return { id, deliveries, effect, entity, entityId };
    });
  const failed = done.flatMap(({ delivery, error, entity, entityId }) => {
    if (error === null) return [];
    const { id, deliveries, attempts } = delivery;
    const delayMs = findRetryDelay(attempts + 1, Math.random());
    return [{ id, deliveries, reason: error.code, delayMs, entity, entityId }];
  });
  for (const { effect, seconds } of await finishDeliveries(deps.orm, ref, finished)) {
    deps.onProcessed?.(effect, effect === 'ignored' ? null : seconds);
  }
  for (const { state } of await failDeliveries(deps.orm, ref, failed)) {
    deps.onProcessed?.(state === 'parked' ? 'parked' : 'failed', null);
  }
}

/** Failures that a whole Clockify, or the whole add-on, may have as well as one entity. */
const perhapsEverything: readonly ErrorCode[] = [
  'clockify_unavailable',
  'clockify_timeout',
  'clockify_answer_malformed',
  'clockify_access_closed',
  'clockify_workspace_unknown',
];

const outageMs = 5_000;

/**
 * Tells whose fault a failure is: a stop when nothing else could be fetched either, which is no try of the delivery;
 * else the error that its deliveries failed with. Throws on what is no fault of Clockify's. Asks Clockify for the
 * workspace at most once in a round.
 */
function createJudge({ deps, ref }: Drain): Judge {
  let asked: Promise<Stop | null> | undefined;

  async function ask(): Promise<Stop | null> {
    try {
      const answer = await probeToken(deps, await deps.access.open(ref));
      return answer === 'accepted' ? null : { state: 'waiting', retryAfterMs: outageMs };
    } catch (error) {
      if (error instanceof AddonError) return { state: 'waiting', retryAfterMs: outageMs };
      throw error;
    }
  }

  return async function judge(error, { deliveries }) {
    if (!(error instanceof AddonError)) throw error;
    const { code, details } = error;
    if (code === 'clockify_rate_limited') {
      return { state: 'waiting', retryAfterMs: Math.max(1_000, Number(details['retryAfterMs'] ?? 0)) };
    }
    if (code === 'installation_inactive' || code === 'not_found') return { state: 'halted' };
    if (code === 'clockify_token_dead') {
      await suspectInstallation(deps.orm, ref, deliveries[0]?.delivery.requestId ?? 'mailbox');
      return { state: 'halted' };
    }
    if (!perhapsEverything.includes(code)) return error;
    return (await (asked ??= ask())) ?? error;
  };
}
