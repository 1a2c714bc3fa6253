import { describe, expect, it } from '@jest/globals';
import { createRandom } from './random.ts';

const draw = (seed: number): number[] => {
  const random = createRandom(seed);
  return Array.from({ length: 200 }, () => random.below(10));
};

describe('random numbers', () => {
  it('are the same for the same seed', () => {
    expect(draw(7)).toEqual(draw(7));
  });

  it('are others for another seed', () => {
    expect(draw(7)).not.toEqual(draw(8));
  });

  it('are whole, from zero to below the limit, and none is left out', () => {
    expect([...new Set(draw(3))].toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  });

  it('pick from what is there, and refuse to pick from nothing', () => {
    expect(createRandom(1).pick(['only'])).toBe('only');
    expect(() => createRandom(1).pick([])).toThrow('nothing to pick');
  });
});
