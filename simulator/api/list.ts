import type { Row } from '../world/types.ts';
import type { Context, ListAnswer } from './context.ts';
import { cutPage } from './paging.ts';
import { json, type Reply } from './reply.ts';
import { valueAt } from './rows.ts';

/** Filters, sorts, cuts, presents and wraps: the same road for every list. */
export function answerList(answer: ListAnswer, context: Context): Reply {
  const rows = sortRows(filterRows(answer.rows(context), answer, context), answer, context.query);
  const page = answer.paging === undefined ? { items: rows, isLast: true } : cutPage(rows, answer.paging, context);
  const { present } = answer;
  const items = present === undefined ? page.items : page.items.map((row) => present(row, context));
  const headers = answer.lastPageHeader === true ? { 'last-page': String(page.isLast) } : {};
  if (context.faults.take('wrong-envelope', context.operation.operationId) !== undefined) {
    return json(answer.wrap === undefined ? { data: items } : items, 200, headers);
  }
  return json(answer.wrap === undefined ? items : answer.wrap(items, rows.length, context), 200, headers);
}

function filterRows(rows: readonly Row[], answer: ListAnswer, context: Context): readonly Row[] {
  const active = Object.entries(answer.filters ?? {}).flatMap(([name, keeps]) => {
    const sent = context.query.has(name) ? context.query.getAll(name).join(',') : undefined;
    const value = sent ?? answer.assumed?.[name];
    return value === undefined ? [] : [{ keeps, value }];
  });
  if (active.length === 0) return rows;
  return rows.filter((row) => active.every(({ keeps, value }) => keeps(row, value, context)));
}

function sortRows(rows: readonly Row[], answer: ListAnswer, query: URLSearchParams): readonly Row[] {
  const column = query.get(answer.sortParameter ?? 'sort-column') ?? answer.defaultSort;
  const path = column === undefined ? undefined : answer.sort?.[column];
  const isDescending = query.get('sort-order') === 'DESCENDING';
  if (path === undefined) return rows;
  if (column === 'ID') return isDescending ? rows.toReversed() : rows;
  const sorted = rows.toSorted((a, b) => compareValues(valueAt(a, path), valueAt(b, path)));
  return isDescending ? sorted.toReversed() : sorted;
}

function compareValues(a: unknown, b: unknown): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b;
  const [left, right] = [sortableText(a), sortableText(b)];
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function sortableText(value: unknown): string {
  return typeof value === 'string' ? value.toLowerCase() : JSON.stringify(value ?? '');
}
