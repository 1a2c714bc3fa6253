import { createHash } from 'node:crypto';
import type { ClockifyAnswer } from '../clockify/client.ts';
import type { MirrorRow } from '../db/mirror.ts';
import { AddonError } from '../domain/errors.ts';
import type { PageAnswer } from '../domain/paging.ts';
import type { ReadingRule } from '../domain/reading-rules.ts';
import { contentHash } from './canonical-json.ts';
import type { ReadingList } from './page-request.ts';

export interface Page {
  readonly answer: PageAnswer;
  readonly rows: readonly MirrorRow[];
}

/** Takes the rows out of an answer. A page of another shape than the rule says is refused whole, never stored in part. */
export function readPage(
  rule: ReadingRule,
  list: ReadingList,
  workspaceId: string,
  { body, lastPage }: ClockifyAnswer,
): Page {
  const items = rule.paging === 'single' ? readObject(body) : readItems(at(body, rule.itemsAt));
  const rows = items.map((item) => toRow(rule, list, workspaceId, item));
  const ids = rows.map(({ id }) => id);
  const count = rule.countAt === undefined ? null : readCount(at(body, rule.countAt));
  const digest = createHash('sha256').update(ids.join('\n')).digest('base64');
  return { answer: { ids, digest, lastPage, count }, rows: withoutTwins(rows) };
}

const malformed = (): AddonError =>
  new AddonError('clockify_answer_malformed', 'Clockify answered in another shape than it documents.');

/** Some single objects are answered with an empty body when there is nothing. */
function readObject(body: unknown): object[] {
  if (body === null) return [];
  if (typeof body !== 'object' || Array.isArray(body)) throw malformed();
  return [body];
}

function readItems(value: unknown): object[] {
  if (!Array.isArray(value)) throw malformed();
  return value.map((item: unknown) => {
    if (typeof item !== 'object' || item === null || Array.isArray(item)) throw malformed();
    return item;
  });
}

function readCount(value: unknown): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < 0) throw malformed();
  return value;
}

/** The value at a path of keys; undefined where the path ends early. */
export function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, key)
        ? (inner as Record<string, unknown>)[key]
        : undefined,
    value,
  );
}

function toRow(rule: ReadingRule, list: ReadingList, workspaceId: string, item: object): MirrorRow {
  return { id: readId(rule, list, workspaceId, item), parent: list.parentId, payload: item, hash: contentHash(item) };
}

function readId(rule: ReadingRule, { parentId }: ReadingList, workspaceId: string, item: object): string {
  if (rule.hasNoId) return parentId ?? workspaceId;
  const id = at(item, rule.idAt ?? ['id']);
  if (typeof id !== 'string' || id === '') throw malformed();
  return rule.keyedByParent ? `${parentId}:${id}` : id;
}

/** One statement cannot write a row twice; the later twin wins. */
const withoutTwins = (rows: readonly MirrorRow[]): MirrorRow[] => [
  ...new Map(rows.map((row) => [row.id, row])).values(),
];
