import type { MikroORM } from '@mikro-orm/postgresql';
import type { MirrorRow } from '../db/mirror.ts';
import { saveSeen } from '../db/observations.ts';
import type { Catalogue } from '../domain/catalogue.ts';
import type { InstallationRef } from '../domain/contract.ts';
import type { MirrorSource } from '../domain/entity-history.ts';
import { AddonError } from '../domain/errors.ts';
import { firstPage, shrink } from '../domain/paging.ts';
import type { Gateway } from './clockify-gateway.ts';
import type { InstallationAccess } from './installation-access.ts';
import { at } from './page-answer.ts';
import { decideNext, fetchPage, fetchUnrepeated } from './page-fetch.ts';
import type { FetchedPage, Place } from './page-fetch.ts';
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
    const fetched = await fetchUnrepeated(place, () => fetchOne(context, place));
    const step = decideNext(rule, place, fetched, context.deps.limits.maxPages);
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

async function take(
  { deps, reader, plan }: Context,
  reading: Reading,
  { page, observedAt }: FetchedPage,
): Promise<void> {
  const { entity, paging } = plan.rule;
  const rows = page.rows.map((row) => withParent(row, plan.parentAt));
  if (paging === 'single' && plan.until !== null && rows.some(({ id }) => id !== plan.until)) {
    throw new AddonError('clockify_answer_malformed', 'Clockify answered with another row than it was asked for.');
  }
  reading.rows.push(...rows);
  if (plan.isProbe) return;
  const { workspaceId, source } = reader;
  reading.changed.push(...(await saveSeen(deps.orm, { workspaceId, entity, observedAt, source }, rows)));
}

async function fetchOne({ deps, reader, plan, list }: Context, place: Place): Promise<FetchedPage> {
  const { maxWaitMs, signal } = reader;
  const { gateway, catalogue, limits } = deps;
  const access = await deps.access.open(reader);
  const { installation } = access;
  if (installation.status !== 'active') {
    throw new AddonError('installation_inactive', 'The add-on is switched off in this workspace.');
  }
  const requestsPerSecond = Math.min(limits.requestsPerSecond, ...ownLimits(installation.settings, null));
  return fetchPage({
    gateway,
    catalogue,
    access,
    rule: plan.rule,
    list,
    place,
    requestsPerSecond,
    maxWaitMs,
    signal,
  });
}

function withParent(row: MirrorRow, path: readonly string[] | null): MirrorRow {
  return path === null ? row : { ...row, parent: readParent(row, path) };
}

function readParent({ payload }: MirrorRow, path: readonly string[]): string {
  const parent = at(payload, path);
  if (typeof parent === 'string' && parent !== '') return parent;
  throw new AddonError('clockify_answer_malformed', 'Clockify answered with a row that names no parent.');
}
