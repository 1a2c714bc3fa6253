import { describe, expect, it } from '@jest/globals';
import { formatJson } from './format-json.ts';

describe('a formatted text', () => {
  it.each([
    ['{}', '{}'],
    ['[ ]', '[]'],
    ['12.50', '12.50'],
    ['{"b":1,"a":[true,null]}', '{\n  "b": 1,\n  "a": [\n    true,\n    null\n  ]\n}'],
    ['[{},[]]', '[\n  {},\n  []\n]'],
    ['{"a":"{,:]\\"}"}', '{\n  "a": "{,:]\\"}"\n}'],
  ])('of %j is %j', (text, formatted) => {
    expect(formatJson(text)).toBe(formatted);
  });

  it.each([
    '{"id":12345678901234567890}',
    '{"a":1,"a":2}',
    '{"a":1.0e5}',
    '"\\u0041\\n"',
    '{"א":"🙂\\\\"}',
    '[[[1],2]]',
  ])('keeps of %s everything but white space', (text) => {
    expect(formatJson(text)?.replaceAll(/\s/g, '')).toBe(text);
  });

  it('means the same as the text', () => {
    const value = { list: [1, [2, { three: 'a, b: {c}' }]], empty: {}, text: 'line\nbreak "quoted" \\' };
    expect(JSON.parse(formatJson(JSON.stringify(value)) ?? '')).toEqual(value);
  });
});

it('does not format what nobody would read', () => {
  expect(formatJson(`"${'x'.repeat(262_142)}"`)).not.toBeNull();
  expect(formatJson(`"${'x'.repeat(262_143)}"`)).toBeNull();
});
