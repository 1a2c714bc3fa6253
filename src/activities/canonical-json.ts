import { createHash } from 'node:crypto';
import { AddonError } from '../domain/errors.ts';

/** Real rows nest a handful of levels; Postgres gives up at some thousands. */
const deepestNesting = 200;

/** JSON with sorted keys and no white space: equal content gives equal text. Throws when it nests too deep to be stored. */
export function canonicalJson(value: unknown, depth = 0): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (depth >= deepestNesting)
    throw new AddonError('clockify_answer_malformed', 'Clockify answered with too many levels of nesting.');
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item, depth + 1)).join(',')}]`;
  const members = Object.entries(value)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${canonicalJson(member, depth + 1)}`);
  return `{${members.join(',')}}`;
}

/** Hex sha256 of the canonical JSON: changes exactly when the content does. */
export const contentHash = (value: unknown): string => createHash('sha256').update(canonicalJson(value)).digest('hex');
