import { describe, expect, it } from '@jest/globals';
import { formatId, parseId } from './identifiers.ts';

const createdAt = Date.parse('2026-11-21T10:00:00Z');

describe('an id', () => {
  it('has 24 lower-case hex digits and begins with its second', () => {
    const id = formatId({ kind: 'tasks', index: 7, parentIndex: 300 }, createdAt, 0xabc);
    expect(id).toMatch(/^[\da-f]{24}$/);
    expect(Number.parseInt(id.slice(0, 8), 16) * 1_000).toBe(createdAt);
  });

  it.each([
    { kind: 'workspace', index: 0, parentIndex: 0 },
    { kind: 'time_entries', index: 25_000, parentIndex: 999 },
    { kind: 'users', index: 0x80000, parentIndex: 0 },
    { kind: 'tasks', index: 0x80001, parentIndex: 0x80000 },
  ] as const)('gives back what it was made of: %j', (parts) => {
    expect(parseId(formatId(parts, createdAt, 1), 1)).toEqual(parts);
  });

  it('ascends with its second, then with the position', () => {
    const at = (index: number, ms: number) => formatId({ kind: 'tags', index, parentIndex: 0 }, ms, 5);
    const ids = [at(3, createdAt), at(4, createdAt), at(0, createdAt + 1_000)];
    expect(ids.toSorted()).toEqual(ids);
  });

  it.each([
    ['of another world', formatId({ kind: 'tags', index: 1, parentIndex: 0 }, createdAt, 2)],
    ['with upper-case digits', 'ABCDEFABCDEFABCDEFABCDEF'],
    ['that is too short', 'abc'],
    ['that is empty', ''],
    ['of an unknown kind', `65000000ff00000001000000`],
  ])('%s is not read', (_, id) => {
    expect(parseId(id, 1)).toBeUndefined();
  });
});
