import { describe, expect, it } from '@jest/globals';
import { parseFlags } from './flags.ts';

describe('the flags', () => {
  it('ask for every row without any', () => {
    expect(parseFlags([])).toEqual({
      rows: [],
      seed: 1,
      random: 0,
      profile: 'XS',
      kills: 0,
      deliveries: 0,
      patience: 1,
      list: false,
    });
  });

  it('take rows by number, more than one', () => {
    expect(parseFlags(['--row', '1', '--row', '28']).rows).toEqual([1, 28]);
  });

  it('take schedules with their seed, and the size of the workspace', () => {
    expect(parseFlags(['--random', '200', '--seed', '7', '--profile', 'S'])).toMatchObject({
      random: 200,
      seed: 7,
      profile: 'S',
    });
  });

  it.each([
    ['--row', 'one'],
    ['--seed', '-1'],
    ['--random', '1.5'],
    ['--profile', 'XXL'],
    ['--unknown', '1'],
  ])('refuse %s %s, with the usage', (...args) => {
    expect(() => parseFlags(args)).toThrow(/Usage: npm run faults/);
  });
});
