import { cancellationSignal } from '@temporalio/activity';
import type { MikroORM } from '@mikro-orm/postgresql';
import { commitPage } from '../db/mirror.ts';
import type { LoopOrders, LoopRef } from '../db/mirror.ts';
import type { ClaimedLoop } from '../db/runs.ts';
import type { Catalogue } from '../domain/catalogue.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { AddonError } from '../domain/errors.ts';
import { addToTally, firstPage, shrink } from '../domain/paging.ts';
import type { Cursor, Step } from '../domain/paging.ts';
import type { ReadingRule } from '../domain/reading-rules.ts';
import type { Gateway } from './clockify-gateway.ts';
import type { InstallationAccess } from './installation-access.ts';
import type { Page } from './page-answer.ts';
import { decideNext, fetchPage, fetchUnrepeated } from './page-fetch.ts';
import type { FetchedPage } from './page-fetch.ts';
import type { ReadingList } from './page-request.ts';
import { probeToken } from './token-probe.ts';

export interface ReadPagesInput extends InstallationRef {
  readonly runId: string;
  readonly entity: LoopRef['entity'];
  readonly loop: number;
  readonly requestId: string;
}

export interface ReadPagesDeps {
  readonly orm: MikroORM;
  readonly gateway: Gateway;
  readonly access: InstallationAccess;
  readonly catalogue: Catalogue;
  readonly limits: {
    readonly maxPages: number;
    readonly requestsPerSecond: number;
    /** How long one attempt goes on before it hands back to the workflow. */
    readonly budgetMs: number;
  };
}

/** One attempt at a page loop, and where it stands. */
export interface Attempt {
  readonly deps: ReadPagesDeps;
  readonly input: ReadPagesInput;
  readonly rule: ReadingRule;
  readonly ref: LoopRef;
  readonly claimed: ClaimedLoop;
  readonly endsAt: number;
  /** Changed by an order while the attempt goes on. */
  requestsPerSecond: number | null;
  cursor: Cursor;
  requests: number;
  pages: number;
}

/** Null when the page was not taken and is asked for again in another way. */
export async function readOnePage(attempt: Attempt, list: ReadingList): Promise<LoopOrders | null> {
  try {
    const fetched = await fetchUnrepeated(attempt.cursor, () => fetchOne(attempt, list));
    const { page, observedAt, isRepeated } = fetched;
    const step = decideNext(attempt.rule, attempt.cursor, fetched, attempt.deps.limits.maxPages);
    attempt.cursor = applyStep(attempt.cursor, list, step, page.answer.ids.length);
    if (step.kind === 'again') return null;
    return await commit(attempt, { page: isRepeated ? undefined : page, observedAt, cursor: attempt.cursor });
  } catch (error) {
    return recover(attempt, list, await explain(attempt, error));
  }
}

/**
 * While the add-on is switched off, Clockify refuses everything as it refuses a family that is closed, and the word of it
 * may come later. Then nothing is closed for good, and asking again will help.
 */
async function explain({ deps, input, rule }: Attempt, error: unknown): Promise<unknown> {
  if (!(error instanceof AddonError) || error.code !== 'clockify_access_closed') return error;
  if (rule.entity === 'workspace') return error;
  const { gateway, limits } = deps;
  const answer = await probeToken(
    { gateway, requestsPerSecond: limits.requestsPerSecond },
    await deps.access.open(input),
  );
  if (answer === 'accepted') return error;
  return new AddonError('clockify_unavailable', 'Clockify refuses every request of the add-on at the moment.');
}

function applyStep(cursor: Cursor, list: ReadingList, step: Step, taken: number): Cursor {
  if (step.kind !== 'end') return { ...cursor, list: step.list, pageSize: step.pageSize };
  const tally = addToTally(cursor.tally, step.expected, cursor.list.rows + taken, step.reasons);
  return { ...cursor, after: list.key, list: firstPage, pageSize: step.pageSize, tally };
}

async function fetchOne(attempt: Attempt, list: ReadingList): Promise<FetchedPage> {
  const { deps, input, rule, cursor } = attempt;
  const { gateway, catalogue, limits } = deps;
  const access = await deps.access.open(input);
  attempt.requests += 1;
  return fetchPage({
    gateway,
    catalogue,
    access,
    rule,
    list,
    place: cursor,
    requestsPerSecond: Math.min(
      limits.requestsPerSecond,
      ...ownLimits(access.installation.settings, attempt.requestsPerSecond),
    ),
    maxWaitMs: Math.max(0, attempt.endsAt - performance.now()),
    signal: cancellationSignal(),
  });
}

/** Lower rates that the workspace's settings or this run ask for. */
export function ownLimits(settings: Readonly<Record<string, unknown>>, ofRun: number | null): number[] {
  return [settings['requests_per_second'], ofRun].filter((rate) => typeof rate === 'number');
}

interface Committed {
  readonly cursor: Cursor;
  readonly page?: Page | undefined;
  readonly observedAt?: string;
}

export async function commit(attempt: Attempt, { cursor, page, observedAt }: Committed): Promise<LoopOrders> {
  const orders = await commitPage(attempt.deps.orm, attempt.ref, {
    fence: attempt.claimed.fence,
    cursor,
    rows: page?.rows ?? [],
    requests: attempt.requests,
    observedAt: observedAt ?? attempt.claimed.startedAt,
    isPage: page !== undefined,
  });
  attempt.requests = 0;
  attempt.pages += 1;
  attempt.requestsPerSecond = orders.requestsPerSecond;
  return orders;
}

/** Failures that end one list or only change how it is asked for; anything else is thrown on. */
async function recover(attempt: Attempt, list: ReadingList, error: unknown): Promise<LoopOrders | null> {
  if (!(error instanceof AddonError)) throw error;
  const { cursor, rule } = attempt;
  if (error.code === 'clockify_rate_limited' && error.details['status'] === 429) return null;
  const smaller = mayShrink(rule, cursor, error) ? shrink(cursor.list, cursor.pageSize) : null;
  if (smaller !== null) {
    attempt.cursor = { ...cursor, ...smaller };
    return null;
  }
  const isGoneParent = error.code === 'clockify_entity_gone' && rule.parent !== undefined;
  if (!isGoneParent && !(isClosed(error) && !isAtStart(cursor))) throw error;
  const reasons = isGoneParent ? [] : [`Clockify refused part of it: ${error.message}`];
  const tally = addToTally(cursor.tally, cursor.list.rows, cursor.list.rows, reasons);
  attempt.cursor = { ...cursor, after: list.key, list: firstPage, tally };
  return commit(attempt, { cursor: attempt.cursor });
}

const smallestAfterTimeout = 25;

/** The platform has no code of its own for a page that is too large: it answers 400 or 413, or takes too long. */
export function mayShrink(
  { paging }: ReadingRule,
  { pageSize }: Pick<Cursor, 'pageSize'>,
  { code, details }: AddonError,
): boolean {
  if (paging === 'single' || paging === 'whole') return false;
  if (code === 'clockify_timeout') return pageSize > smallestAfterTimeout;
  if (code === 'clockify_request_wrong')
    return details['status'] === 400 && details['errorNumber'] !== missingParameter;
  return code === 'clockify_page_too_large';
}

const missingParameter = 3001;

export const isClosed = ({ code }: AddonError): boolean =>
  code === 'clockify_access_closed' || code === 'clockify_feature_gated';

const isAtStart = ({ after, list }: Cursor): boolean => after === '' && list.page === 1;
