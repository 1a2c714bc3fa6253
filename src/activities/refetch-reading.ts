import type { MikroORM } from '@mikro-orm/postgresql';
import type { MirrorRow } from '../db/mirror.ts';
import { saveSeen } from '../db/observations.ts';
import type { MirrorSource } from '../db/workspace-data.entity.ts';
import type { Catalogue } from '../domain/catalogue.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { AddonError } from '../domain/errors.ts';
import { advance, endRepeatedList, firstPage, isRepeatedPage, shrink } from '../domain/paging.ts';
import type { ListProgress, PageAnswer, Step } from '../domain/paging.ts';
import type { Gateway } from './clockify-gateway.ts';
import type { InstallationAccess } from './installation-access.ts';
import { at, readPage } from './page-answer.ts';
import { buildPageRequest } from './page-request.ts';
import type { ReadingList } from './page-request.ts';
import { mayShrink, ownLimits } from './page-step.ts';
import type { RefetchPlan } from './refetch-plan.ts';

export interface RefetchDeps {
  readonly orm: MikroORM;
  readonly gateway: Gateway;
  readonly access: InstallationAccess;
  readonly catalogue: Catalogue;
  readonly limits: { readonly maxPages: number; readonly pageSize: number; readonly requestsPerSecond: number };
}

/** For whom something is read again, why, and how long it may wait for the budget. */
export interface Reader extends InstallationRef {
  readonly source: MirrorSource;
  readonly maxWaitMs: number;
  readonly signal?: AbortSignal;
}

/** What a reading of lists came to. */
export interface Reading {
  /** Database time before which nothing of it was seen. */
  began: string;
  pages: number;
  readonly rows: MirrorRow[];
  /** Rows whose stored content was another one. */
  readonly changed: string[];
  /** Every row of the lists came, or was proved not to be there. */
  isComplete: boolean;
}

interface Context {
  readonly deps: RefetchDeps;
  readonly reader: Reader;
  readonly plan: RefetchPlan;
  readonly list: ReadingList;
}

/** The page to ask for next. */
interface Place {
  readonly list: ListProgress;
  readonly pageSize: number;
}

/** Reads the lists of a plan and stores each page as it comes. Throws `installation_inactive` instead of a call. */
export async function readLists(deps: RefetchDeps, reader: Reader, plan: RefetchPlan): Promise<Reading> {
  const readings: Reading[] = [];
  for (const list of plan.lists) readings.push(await readList({ deps, reader, plan, list }));
  return {
    began: readings[0]?.began ?? '',
    pages: readings.reduce((sum, { pages }) => sum + pages, 0),
    rows: readings.flatMap(({ rows }) => rows),
    changed: readings.flatMap(({ changed }) => changed),
    isComplete: readings.every(({ isComplete }) => isComplete),
  };
}

async function readList(context: Context): Promise<Reading> {
  const { deps, plan } = context;
  const reading: Reading = { began: '', pages: 0, rows: [], changed: [], isComplete: false };
  let place: Place | null = { list: firstPage, pageSize: plan.rule.pageSize ?? deps.limits.pageSize };
  while (place !== null) place = await readPageAt(context, reading, place);
  return reading;
}

/** Null: the list has ended. */
async function readPageAt(context: Context, reading: Reading, place: Place): Promise<Place | null> {
  const { rule, until } = context.plan;
  try {
    const fetched = await fetchUnrepeated(context, place);
    const step = decide(context, place, fetched);
    reading.began ||= fetched.observedAt;
    reading.pages += 1;
    if (step.kind === 'again') return step;
    if (!fetched.isRepeated) await take(context, reading, fetched);
    const isFound = until !== null && reading.rows.some(({ id }) => id === until);
    if (step.kind === 'more' && !isFound) return step;
    reading.isComplete = isFound || (step.kind === 'end' && step.reasons.length === 0 && !isVague(context.plan));
    return null;
  } catch (error) {
    if (!(error instanceof AddonError)) throw error;
    if (error.code === 'clockify_entity_gone') return endAsGone(reading, error);
    const smaller = mayShrink(rule, place, error) ? shrink(place.list, place.pageSize) : null;
    if (smaller === null) throw error;
    return smaller;
  }
}

/** A single read that brings nothing, and no refusal either, says nothing about its row. */
const isVague = ({ rule, until }: RefetchPlan): boolean => rule.paging === 'single' && until !== null;

function endAsGone(reading: Reading, { details }: AddonError): null {
  reading.began ||= String(details['observedAt']);
  reading.pages += 1;
  reading.isComplete = true;
  return null;
}

interface Fetched {
  readonly answer: PageAnswer;
  readonly rows: readonly MirrorRow[];
  readonly observedAt: string;
  readonly isRepeated: boolean;
}

async function take({ deps, reader, plan }: Context, reading: Reading, { rows, observedAt }: Fetched): Promise<void> {
  const { entity, paging } = plan.rule;
  if (paging === 'single' && plan.until !== null && rows.some(({ id }) => id !== plan.until)) {
    throw new AddonError('clockify_answer_malformed', 'Clockify answered with another row than it was asked for.');
  }
  reading.rows.push(...rows);
  if (plan.isProbe) return;
  const { workspaceId, source } = reader;
  reading.changed.push(...(await saveSeen(deps.orm, { workspaceId, entity, observedAt, source }, rows)));
}

function decide({ deps, plan }: Context, { list, pageSize }: Place, { answer, isRepeated }: Fetched): Step {
  const { paging } = plan.rule;
  if (paging === 'single' || paging === 'whole') return { kind: 'end', expected: 0, reasons: [], pageSize };
  if (isRepeated) return endRepeatedList(list, pageSize, answer);
  return advance(list, pageSize, answer, deps.limits.maxPages);
}

/** Asks again once when the platform sends the page before a second time. */
async function fetchUnrepeated(context: Context, place: Place): Promise<Fetched> {
  const first = await fetchPage(context, place);
  return isRepeatedPage(place.list, first.answer) ? fetchPage(context, place) : first;
}

async function fetchPage({ deps, reader, plan, list }: Context, place: Place): Promise<Fetched> {
  const { workspaceId, maxWaitMs, signal } = reader;
  const { rule, parentAt } = plan;
  const { installation, credential } = await deps.access.open(reader);
  if (installation.status !== 'active') {
    throw new AddonError('installation_inactive', 'The add-on is switched off in this workspace.');
  }
  const wanted = { rule, list, page: place.list.page, pageSize: place.pageSize };
  const answered = await deps.gateway.call({
    ...buildPageRequest(deps.catalogue, installation, workspaceId, wanted),
    workspaceId,
    lane: 'bulk',
    credential,
    requestsPerSecond: Math.min(deps.limits.requestsPerSecond, ...ownLimits(installation.settings, null)),
    maxWaitMs,
    ...(signal && { signal }),
  });
  const { answer, rows } = readPage(rule, list, workspaceId, answered);
  return {
    answer,
    rows: parentAt === null ? rows : rows.map((row) => ({ ...row, parent: readParent(row, parentAt) })),
    observedAt: answered.observedAt,
    isRepeated: isRepeatedPage(place.list, answer),
  };
}

function readParent({ payload }: MirrorRow, path: readonly string[]): string {
  const parent = at(payload, path);
  if (typeof parent === 'string' && parent !== '') return parent;
  throw new AddonError('clockify_answer_malformed', 'Clockify answered with a row that names no parent.');
}
