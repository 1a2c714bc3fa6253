import { createHash } from 'node:crypto';
import { describe, expect, it, test } from '@jest/globals';
import { canonicalJson, rowDigest, truthOf } from './truth.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

describe('canonical JSON', () => {
  it.each<[unknown, string]>([
    [{ b: 1, a: 2 }, '{"a":2,"b":1}'],
    [{ z: { y: [{ d: 1, c: null }] } }, '{"z":{"y":[{"c":null,"d":1}]}}'],
    [[3, 1, 2], '[3,1,2]'],
    [{ a: undefined, b: [undefined] }, '{"b":[null]}'],
    ['"quoted" – 🚀', '"\\"quoted\\" – 🚀"'],
    [{ '10': 1, '9': 2, é: 3, B: 4 }, '{"10":1,"9":2,"B":4,"é":3}'],
    [null, 'null'],
    [true, 'true'],
    [0.1 + 0.2, '0.30000000000000004'],
  ])('of %j is %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('does not depend on the order of members', () => {
    expect(canonicalJson({ x: { p: 1, q: 2 }, y: 3 })).toBe(canonicalJson({ y: 3, x: { q: 2, p: 1 } }));
  });

  it('reads accessors as values', () => {
    const row = {
      get late() {
        return [1];
      },
    };
    expect(canonicalJson(row)).toBe('{"late":[1]}');
  });
});

describe('truth', () => {
  test('hashes sorted lines of key and row digest, joined by a newline', () => {
    const rows = { b: { n: 1 }, a: { n: 2 } };
    const lines = Object.entries(rows).map(([key, row]) => `${key}:${rowDigest(row)}`);
    const expected = sha256(`a:${sha256('{"n":2}')}\nb:${sha256('{"n":1}')}`);
    expect(truthOf(lines)).toEqual({ count: 2, hash: expected });
  });

  test('of nothing is the digest of nothing', () => {
    expect(truthOf([])).toEqual({ count: 0, hash: sha256('') });
  });
});
