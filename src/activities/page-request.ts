import { AddonError } from '../domain/errors.ts';
import { buildUrl } from '../clockify/egress.ts';
import type { Catalogue } from '../domain/catalogue.ts';
import type { BootstrapOptions } from '../domain/bootstrap-options.ts';
import type { ReadingRule } from '../domain/reading-rules.ts';

/** One list to be read: the list itself, one of its sweeps, or the list of one parent. */
export interface ReadingList {
  /** Orders the lists of a loop and marks the place in the order. */
  readonly key: string;
  readonly parentId: string | null;
  readonly query: Readonly<Record<string, string>>;
  /** Other ids in the path than the parent's. */
  readonly path?: Readonly<Record<string, string>>;
}

export interface Hosts {
  /** `…/api/v1` */
  readonly apiUrl: string;
  /** `…/report/v1`, when the installation's token names one. */
  readonly reportsUrl?: string | null | undefined;
}

export interface PageRequest {
  readonly method: 'GET' | 'POST';
  readonly url: URL;
  readonly body?: Readonly<Record<string, unknown>>;
}

/** The request for one page. Only what the rule names is sent: the description's defaults would hide rows. */
export function buildPageRequest(
  catalogue: Catalogue,
  hosts: Hosts,
  workspaceId: string,
  { rule, list, page, pageSize }: { rule: ReadingRule; list: ReadingList; page: number; pageSize: number },
): PageRequest {
  const operation = catalogue.get(rule.operationId);
  if (operation === undefined) throw new Error(`openapi.json lacks ${rule.operationId}.`);
  const base = operation.base === 'reports' ? hosts.reportsUrl : hosts.apiUrl;
  if (!base) throw new AddonError('clockify_access_closed', 'The installation names no host for reports.');
  const ofParent = rule.parent && { [rule.parent.parameter]: list.parentId ?? '' };
  const parameters = { ...list.path, ...ofParent, workspaceId };
  const query = { ...rule.query, ...list.query, ...buildPagingQuery(rule, page, pageSize) };
  const url = buildUrl(base.replace(/\/v1$/, ''), operation.path, parameters, query);
  if (rule.paging !== 'body') return { method: 'GET', url };
  return { method: 'POST', url, body: { ...rule.body, page, pageSize } };
}

function buildPagingQuery({ paging }: ReadingRule, page: number, pageSize: number): Record<string, string> {
  if (paging === 'query') return { page: String(page), 'page-size': String(pageSize) };
  if (paging === 'camel-query') return { page: String(page), pageSize: String(pageSize) };
  return {};
}

const dayMs = 86_400_000;

/** A finite window, in UTC; a day wider on each side, because the platform reads bounds as the user's wall clock. */
export interface ReadingWindow {
  readonly start: string;
  readonly end?: string;
}

/** The window a windowed list is read in, counted from the start of the run so that all pages agree. */
export function buildWindow(rule: ReadingRule, options: BootstrapOptions, runStartedAt: Date): ReadingWindow | null {
  const shifted = (days: number): string =>
    new Date(Math.floor(runStartedAt.getTime() / 1000) * 1000 + days * dayMs).toISOString().replace('.000Z', 'Z');
  if (rule.window === 'assignments') return { start: shifted(-366), end: shifted(366) };
  if (rule.window === 'time-entries' && options.timeEntryDays !== undefined) {
    return { start: shifted(-options.timeEntryDays - 1) };
  }
  return null;
}

/** Where a row tells its time, and which times are meant. */
export interface RowTimes {
  readonly path: readonly string[];
  readonly from: string;
  readonly to: string | null;
}

/** The rows that a reading in this window brings; null for all. */
export function findRowTimes(rule: ReadingRule, window: ReadingWindow | null): RowTimes | null {
  if (window === null) return null;
  const path = rule.window === 'assignments' ? ['period', 'start'] : ['timeInterval', 'start'];
  return { path, from: window.start, to: window.end ?? null };
}

/** Outside its window a reading proves nothing: only rows well inside it may be missed. */
export function findDeletionWindow(
  rule: ReadingRule,
  { options, startedAt }: { options: BootstrapOptions; startedAt: string },
): RowTimes | null {
  const times = findRowTimes(rule, buildWindow(rule, options, new Date(startedAt)));
  const inner = (bound: string, days: number): string => new Date(Date.parse(bound) + days * dayMs).toISOString();
  return times && { ...times, from: inner(times.from, 2), to: times.to === null ? null : inner(times.to, -2) };
}
