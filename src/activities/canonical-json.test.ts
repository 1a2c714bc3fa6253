import { describe, expect, it, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { canonicalJson, contentHash } from './canonical-json.ts';

describe('canonical JSON', () => {
  it.each<[unknown, string]>([
    [null, 'null'],
    [true, 'true'],
    [-1.5e21, '-1.5e+21'],
    ['a "b"\n', '"a \\"b\\"\\n"'],
    [[], '[]'],
    [{}, '{}'],
    [{ b: 1, a: [{ d: null, c: 'x' }] }, '{"a":[{"c":"x","d":null}],"b":1}'],
    [{ '10': 1, '9': 2, A: 3, a: 4, é: 5 }, '{"10":1,"9":2,"A":3,"a":4,"é":5}'],
    [[3, 1, 2], '[3,1,2]'],
    [JSON.parse('{"__proto__":{"a":1}}'), '{"__proto__":{"a":1}}'],
  ])('of %j is %s', (value, text) => {
    expect(canonicalJson(value)).toBe(text);
  });

  it('means the same as the JSON it came from', () => {
    fc.assert(
      fc.property(fc.json(), (text) => {
        const value: unknown = JSON.parse(text);
        expect(JSON.parse(canonicalJson(value))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  it('does not depend on the order of members', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (members) => {
        const reversed = Object.fromEntries(Object.entries(members).reverse());
        expect(canonicalJson(reversed)).toBe(canonicalJson(members));
      }),
    );
  });

  it('refuses what is nested so deep that storing it would fail', () => {
    const nested = (depth: number): unknown => JSON.parse('['.repeat(depth) + ']'.repeat(depth));
    expect(canonicalJson(nested(200))).toHaveLength(400);
    const tooDeep = expect.objectContaining({ code: 'clockify_answer_malformed' });
    expect(() => canonicalJson(nested(201))).toThrow(tooDeep);
    expect(() => canonicalJson(nested(1_000_000))).toThrow(tooDeep);
    expect(() => canonicalJson(JSON.parse('{"a":'.repeat(201) + '1' + '}'.repeat(201)))).toThrow(tooDeep);
  });
});

describe('the hash of a content', () => {
  const project = { id: 'p1', name: 'Website', archived: false, memberships: [{ userId: 'u1' }, { userId: 'u2' }] };
  const { id, name, ...rest } = project;

  test('is that of its canonical JSON', () => {
    expect(contentHash([1])).toBe(createHash('sha256').update('[1]').digest('hex'));
  });

  it('is the same for equal content in another order', () => {
    expect(contentHash({ ...rest, name, id })).toBe(contentHash(project));
  });

  it.each<[string, object]>([
    ['a value', { archived: true }],
    ['a type', { archived: 'false' }],
    ['a null', { archived: null }],
    ['a new field', { color: '#03A9F4' }],
    ['the order of a list', { memberships: project.memberships.toReversed() }],
  ])('changes with %s', (_, change) => {
    expect(contentHash({ ...project, ...change })).not.toBe(contentHash(project));
  });
});
