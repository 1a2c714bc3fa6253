import { setTimeout as sleep } from 'node:timers/promises';
import { cancellationSignal, log } from '@temporalio/activity';
import { loadDueDeliveries } from '../db/deliveries.ts';
import { fallAsleep, keepAwake, releaseMailbox } from '../db/mailboxes.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { processRound } from './drain-round.ts';
import type { Drain, DrainDeps, Stop } from './drain-round.ts';
import { withHeartbeat } from './heartbeat.ts';
import { createLastFetches } from './last-fetches.ts';
import type { LastFetches } from './last-fetches.ts';

export type DrainResult = Stop | { readonly state: 'empty' | 'more' };

/** Ids that one look brings; few enough that a crash repeats little. */
const roundSize = 300;

/** Soon enough for what comes while the rest of the mailbox may not be fetched again yet. */
const lookAgainMs = 250;

/**
 * Processes the due deliveries of an installation until none is left, it must stop, or the attempt's time is up. Several
 * at once, and one that is broken off at any point, do no harm: what was fetched is the truth whoever fetched it, and a
 * delivery is done only when it was.
 */
export function createDrain(deps: DrainDeps, lastFetches: LastFetches = createLastFetches()) {
  return async function drain(ref: InstallationRef, signal?: AbortSignal): Promise<DrainResult> {
    const endsAt = performance.now() + deps.budgetMs;
    const open: Drain = { deps, ref, endsAt, lastFetches, ...(signal && { signal }) };
    await keepAwake(deps.orm, ref);
    const result = await drainUntil(open);
    if (result.state === 'halted') await releaseMailbox(deps.orm, ref);
    if (result.state === 'more') await keepAwake(deps.orm, ref);
    if (result.state === 'waiting') await keepAwake(deps.orm, ref, result.retryAfterMs);
    return result;
  };
}

async function drainUntil(drain: Drain): Promise<DrainResult> {
  const { deps, ref, endsAt, signal } = drain;
  while (performance.now() < endsAt) {
    signal?.throwIfAborted();
    const due = await loadDueDeliveries(deps.orm, ref, roundSize);
    if (due.length === 0) {
      if (await fallAsleep(deps.orm, ref)) return { state: 'empty' };
      await keepAwake(deps.orm, ref);
      continue;
    }
    const { stop, isIdle } = await processRound(drain, due);
    if (stop !== null) return stop;
    if (isIdle) await sleep(lookAgainMs, undefined, { signal });
  }
  return { state: 'more' };
}

/** The activity of a mailbox. */
export function createDrainMailbox(deps: DrainDeps) {
  const drain = createDrain(deps);
  return (ref: InstallationRef): Promise<DrainResult> =>
    withHeartbeat(async () => {
      const result = await drain(ref, cancellationSignal());
      log.info('mailbox drained', { state: result.state });
      return result;
    });
}
