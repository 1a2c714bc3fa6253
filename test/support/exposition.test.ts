import { expect, it } from '@jest/globals';
import { findChanges, parseExposition } from './exposition.ts';

const calls = '# HELP calls_total Calls\n# TYPE calls_total counter\n';

it('reads types and samples', () => {
  const text = `${calls}calls_total{kind="a",why="x \\"y\\""} 1\ncalls_total{kind="b"} 2.5\n\n# HELP g G\n# TYPE g gauge\ng NaN\n`;
  const metrics = parseExposition(text);
  expect([...metrics.keys()]).toEqual(['calls_total', 'g']);
  expect([...(metrics.get('calls_total')?.samples ?? [])]).toEqual([
    ['calls_total{kind="a",why="x \\"y\\""}', 1],
    ['calls_total{kind="b"}', 2.5],
  ]);
});

it.each([
  ['an unended line', `${calls}calls_total 1`],
  ['a type without help', '# TYPE calls_total counter\ncalls_total 1\n'],
  ['a type it does not know', '# HELP calls_total Calls\n# TYPE calls_total count\n'],
  ['a sample before its type', 'calls_total 1\n'],
  ['a sample of another metric', `${calls}others_total 1\n`],
  ['a sample twice', `${calls}calls_total 1\ncalls_total 1\n`],
  ['a metric twice', `${calls}calls_total 1\n${calls}`],
  ['a value that is no number', `${calls}calls_total one\n`],
  ['an open quote', `${calls}calls_total{kind="a} 1\n`],
  ['a bucket of a counter', `${calls}calls_total_bucket{le="1"} 1\n`],
])('refuses %s', (_, text) => {
  expect(() => parseExposition(text)).toThrow();
});

it('finds what was counted between two readings', () => {
  const before = `${calls}calls_total{kind="a"} 1\ncalls_total{kind="b"} 1\n`;
  const after = `${calls}calls_total{kind="a"} 1\ncalls_total{kind="b"} 3\ncalls_total{kind="c"} 1\n`;
  expect(findChanges(before, after)).toEqual({ 'calls_total{kind="b"}': 2, 'calls_total{kind="c"}': 1 });
});
