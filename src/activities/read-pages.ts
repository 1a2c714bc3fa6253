import { log } from '@temporalio/activity';
import { suspectInstallation } from '../db/doubt.ts';
import type { LoopOrders } from '../db/mirror.ts';
import { claimLoop, saveLastError } from '../db/runs.ts';
import { isPersonal } from '../domain/contract.ts';
import { AddonError, isRetryable } from '../domain/errors.ts';
import { getReadingRule } from '../domain/reading-rules.ts';
import { withHeartbeat } from './heartbeat.ts';
import { listsAfter } from './page-loop.ts';
import type { ReadingList } from './page-request.ts';
import { commit, isClosed, readOnePage } from './page-step.ts';
import type { Attempt, ReadPagesDeps, ReadPagesInput } from './page-step.ts';

/** `halted`: the run is paused or the add-on switched off; `controlVersion` is the order that said so. */
export type ReadPagesResult =
  | { readonly state: 'done' | 'more' }
  | { readonly state: 'waiting'; readonly retryAfterMs: number }
  | { readonly state: 'halted'; readonly controlVersion: number }
  | { readonly state: 'skipped'; readonly reason: string };

/** Reads pages of one loop until it is done, must stop, or the attempt's time is up. Each page is stored with the place. */
export function createReadPages(deps: ReadPagesDeps) {
  return (input: ReadPagesInput): Promise<ReadPagesResult> =>
    withHeartbeat(async () => {
      const attempt = await startAttempt(deps, input);
      if ('state' in attempt) return attempt;
      const result = await readLists(attempt);
      const { requestId, entity, loop } = input;
      log.info('pages read', { requestId, entity, loop, pages: attempt.pages, state: result.state });
      return result;
    });
}

async function startAttempt(deps: ReadPagesDeps, input: ReadPagesInput): Promise<Attempt | ReadPagesResult> {
  const { workspaceId, runId, entity, loop } = input;
  const ref = { workspaceId, runId, entity, loop };
  const claimed = await claimLoop(deps.orm, ref);
  if (mustHalt(claimed)) return { state: 'halted', controlVersion: claimed.controlVersion };
  if (claimed.cursor.done) return { state: 'done' };
  return {
    deps,
    input,
    rule: getReadingRule(entity),
    ref,
    claimed,
    endsAt: performance.now() + deps.limits.budgetMs,
    requestsPerSecond: claimed.requestsPerSecond,
    cursor: claimed.cursor,
    requests: 0,
    pages: 0,
  };
}

const mustHalt = ({ paused, installationStatus }: LoopOrders): boolean => paused || installationStatus !== 'active';

async function readLists(attempt: Attempt): Promise<ReadPagesResult> {
  const { deps, rule, ref, claimed } = attempt;
  try {
    for await (const list of listsAfter(deps.orm, rule, ref, claimed)) {
      const stop = await readList(attempt, list);
      if (stop !== null) return stop;
    }
    await commit(attempt, { cursor: { ...attempt.cursor, done: true } });
    return { state: 'done' };
  } catch (error) {
    return toResult(attempt, error);
  }
}

/** Null when the list is done and the next one may follow. */
async function readList(attempt: Attempt, list: ReadingList): Promise<ReadPagesResult | null> {
  while (attempt.cursor.after < list.key) {
    if (performance.now() >= attempt.endsAt) return { state: 'more' };
    const orders = await readOnePage(attempt, list);
    if (orders !== null && mustHalt(orders)) return { state: 'halted', controlVersion: orders.controlVersion };
  }
  return null;
}

/** Shorter waits are waited for by the next attempt. */
const shortestWaitMs = 1_000;

/**
 * A family that is closed from the start is skipped. A dead token stops the run until it is known whether the add-on was
 * removed: the installation becomes a suspect, and every loop halts with its next page. After progress a passing failure hands back to the workflow,
 * so that the next attempt starts with a fresh backoff; without progress Temporal repeats this attempt.
 */
async function toResult(attempt: Attempt, error: unknown): Promise<ReadPagesResult> {
  if (!(error instanceof AddonError)) throw error;
  if (isClosed(error)) return { state: 'skipped', reason: error.message };
  if (error.code === 'clockify_rate_limited') {
    const retryAfterMs = Number(error.details['retryAfterMs'] ?? shortestWaitMs);
    return retryAfterMs < shortestWaitMs ? { state: 'more' } : { state: 'waiting', retryAfterMs };
  }
  const stop = error.code === 'clockify_token_dead' ? await stopOnDeadToken(attempt) : null;
  if (stop !== null) return stop;
  if (error.code !== 'stale_attempt' && error.code !== 'attempt_overtaken')
    await saveLastError(attempt.deps.orm, attempt.ref, error);
  if (isRetryable[error.code] && attempt.pages > 0) return { state: 'more' };
  throw error;
}

/**
 * The host for reports may know other tokens than the API, so its refusal says nothing about the installation. Null: a
 * person's own key, which no uninstall explains, ends the run.
 */
async function stopOnDeadToken({ deps, rule, input, claimed }: Attempt): Promise<ReadPagesResult | null> {
  if (deps.catalogue.get(rule.operationId)?.base === 'reports') {
    return { state: 'skipped', reason: 'The host for reports does not accept the token of the add-on.' };
  }
  if (isPersonal(input)) return null;
  await suspectInstallation(deps.orm, input, input.requestId);
  return { state: 'halted', controlVersion: claimed.controlVersion };
}
