import { createHash, hash } from 'node:crypto';
import type { Truth } from './types.ts';

/** JSON with the keys of every object sorted by UTF-16 code units and no white space; undefined members are left out. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  if (Array.isArray(value)) return `[${value.map(canonicalJson).join(',')}]`;
  const members: string[] = [];
  const fields = value as Record<string, unknown>;
  for (const name of Object.keys(fields).sort()) {
    const member = fields[name];
    if (member !== undefined) members.push(`${JSON.stringify(name)}:${canonicalJson(member)}`);
  }
  return `{${members.join(',')}}`;
}

/** The digest of one row in a truth dump. */
export function rowDigest(row: unknown): string {
  return hash('sha256', canonicalJson(row));
}

/** The digest of `key:digest` lines given in any order. */
export function truthOf(lines: string[]): Truth {
  lines.sort((left, right) => (left < right ? -1 : 1));
  const digest = createHash('sha256');
  lines.forEach((line, index) => digest.update(index === 0 ? line : `\n${line}`));
  return { count: lines.length, hash: digest.digest('hex') };
}
