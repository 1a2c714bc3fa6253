import { likelyRows, upperBound } from './list-bracket.ts';
import type { ListBracket } from './list-bracket.ts';
import type { ParentRule, ReadingRule } from './reading-rules.ts';
import { countRequests } from './request-count.ts';

/** One list of a kind as far as it was looked at. */
export interface SurveyedList {
  readonly parentId: string | null;
  /** What the query adds for this one of several sweeps. */
  readonly sweep: Readonly<Record<string, string>>;
  bracket: ListBracket;
  /** The rows of the pages that were looked at. */
  readonly pages: Map<number, readonly SeenRow[]>;
}

export interface SeenRow {
  readonly id: string;
  /** Whether something was paid on it; invoices only. */
  readonly isPaid: boolean;
}

/** One kind of rows under survey: its lists, or the lists of those parents that were taken as a sample. */
export interface SurveyedKind {
  readonly rule: ReadingRule;
  readonly lists: SurveyedList[];
  pageSize: number;
  /** Why it cannot be read; null while it can. */
  refusal: string | null;
}

/** The parents whose lists a kind is read from. */
export interface Population {
  readonly count: number;
  /** Parents it may be off by, either way. */
  readonly margin: number;
  /** Some of them, or all. */
  readonly ids: readonly string[];
}

export interface Measure {
  readonly calls: number;
  readonly margin: number;
  readonly rows: number;
}

/** The size of one list, with how far off it may be. */
export function measureList(
  rule: ReadingRule,
  bracket: ListBracket,
  maxPages: number,
): Measure & { rowsMargin: number } {
  if (rule.paging === 'single') return { calls: 1, margin: 0, rows: 1, rowsMargin: 0 };
  const { pageSize, atLeast } = bracket;
  const limits = { pageSize, maxPages };
  const high = upperBound(bracket);
  const rows = likelyRows(bracket);
  return {
    calls: countRequests(rule, Math.round(rows), limits),
    margin: (countRequests(rule, high, limits) - countRequests(rule, atLeast, limits)) / 2,
    rows,
    rowsMargin: (high - atLeast) / 2,
  };
}

/** What a kind costs by what was seen; what was not looked at is one call each, and may be another. */
export function measureKind(kind: SurveyedKind, parents: Population | null, maxPages: number): Measure {
  const { rule, lists, refusal } = kind;
  if (parents === null) {
    const sizes = lists.map(({ bracket }) => measureList(rule, bracket, maxPages));
    if (refusal !== null) return { calls: 1, margin: 0, rows: 0 };
    return { calls: sum(sizes, 'calls'), margin: sum(sizes, 'margin'), rows: sum(sizes, 'rows') };
  }
  const { count, margin } = parents;
  if (refusal !== null) return { calls: Math.min(rule.loops, count), margin: 0, rows: 0 };
  if (rule.paging === 'single') return { calls: count, margin, rows: count };
  const { mean, doubt, rows } = measureSample(kind, count, maxPages);
  return { calls: count * mean, margin: Math.hypot(margin * mean, count * doubt), rows: count * rows };
}

/** Calls for each parent by the sample, and how far off that may be. */
export function measureSample(
  { rule, lists }: SurveyedKind,
  population: number,
  maxPages: number,
): { mean: number; doubt: number; rows: number } {
  const sizes = lists.map(({ bracket }) => measureList(rule, bracket, maxPages));
  const n = sizes.length;
  if (n === 0) return { mean: 1, doubt: 1, rows: 0 };
  const calls = sizes.map((size) => size.calls);
  const blur = Math.hypot(...sizes.map(({ margin }) => margin)) / n;
  return {
    mean: average(calls),
    doubt: Math.hypot(blur, samplingError(calls, population, (average(calls) - 1) / 2)),
    rows: average(sizes.map(({ rows }) => rows)),
  };
}

const average = (values: readonly number[]): number =>
  values.reduce((total, value) => total + value, 0) / Math.max(1, values.length);

/**
 * Twice the standard error of the mean of a sample from so many; none when all were looked at. Few alike values prove
 * little: two more are imagined that are off by `usual`.
 */
function samplingError(values: readonly number[], population: number, usual: number): number {
  const n = values.length;
  if (n === 0 || n >= population) return 0;
  const mean = average(values);
  const squares = values.reduce((total, value) => total + (value - mean) ** 2, 0) + 2 * usual ** 2;
  return 2 * Math.sqrt((squares / (n + 1) / n) * (1 - n / population));
}

/** By how much the share of parents usually differs from page to page. */
const usualSpread = 0.1;

/** The parents for a kind, by the rows that were seen of the kind it hangs on. */
export function findPopulation(parent: SurveyedKind, rule: ParentRule, maxPages: number): Population {
  if (parent.refusal !== null) return { count: 0, margin: 0, ids: [] };
  const sizes = parent.lists.map(({ bracket }) => measureList(parent.rule, bracket, maxPages));
  const pages = parent.lists.flatMap((list) => [...list.pages.values()]).filter((page) => page.length > 0);
  const parents = pages.map((page) => page.filter(({ isPaid }) => isPaid || !rule.onlyPaid));
  const share = pages.length === 0 ? 1 : parents.flat().length / pages.flat().length;
  const shares = pages.map((page, index) => (parents[index]?.length ?? 0) / page.length);
  const rows = sum(sizes, 'rows');
  const doubt = rule.onlyPaid ? samplingError(shares, rows / parent.pageSize, usualSpread) : 0;
  return {
    count: rows * share,
    margin: Math.hypot(sum(sizes, 'rowsMargin') * share, rows * doubt),
    ids: parents.flat().map(({ id }) => id),
  };
}

const sum = <Key extends string>(items: readonly Record<Key, number>[], key: Key): number =>
  items.reduce((total, item) => total + item[key], 0);
