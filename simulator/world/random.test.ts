import { describe, expect, test } from '@jest/globals';
import { createRandom, distribute, mix } from './random.ts';

function draw(count: number, ...parts: number[]): number[] {
  const random = createRandom(...parts);
  return Array.from({ length: count }, () => random.next());
}

describe('a stream of choices', () => {
  test('repeats itself for the same parts', () => {
    expect(draw(20, 1, 2, 3)).toEqual(draw(20, 1, 2, 3));
  });

  test.each([
    ['another number', [1, 2, 4]],
    ['another order', [2, 1, 3]],
    ['another length', [1, 2]],
  ])('differs for %s', (_, parts) => {
    expect(draw(5, ...parts)).not.toEqual(draw(5, 1, 2, 3));
  });

  test('stays between 0 and 1 and uses the whole range', () => {
    const values = draw(2_000, 7);
    expect(Math.min(...values)).toBeGreaterThanOrEqual(0);
    expect(Math.min(...values)).toBeLessThan(0.01);
    expect(Math.max(...values)).toBeLessThan(1);
    expect(Math.max(...values)).toBeGreaterThan(0.99);
  });

  test('begins evenly spread over streams that differ in their last part only', () => {
    const firsts = Array.from({ length: 8_000 }, (_, index) => createRandom(5, index).int(0, 7));
    const sizes = Object.values(Object.groupBy(firsts, (value) => String(value))).map((group) => group?.length ?? 0);
    expect(sizes).toHaveLength(8);
    for (const size of sizes) expect(Math.abs(size - 1_000)).toBeLessThan(150);
  });

  test('draws whole numbers with both limits', () => {
    const random = createRandom(3);
    const values = new Set(Array.from({ length: 200 }, () => random.int(-1, 2)));
    expect([...values].sort((left, right) => left - right)).toEqual([-1, 0, 1, 2]);
  });

  test('picks every member of a list and nothing else', () => {
    const random = createRandom(4);
    const picked = new Set(Array.from({ length: 100 }, () => random.pick(['a', 'b', 'c'])));
    expect([...picked].sort()).toEqual(['a', 'b', 'c']);
  });

  test.each([
    [0, false],
    [1, true],
  ])('a chance of %d is %j', (probability, answer) => {
    const random = createRandom(9);
    expect(Array.from({ length: 50 }, () => random.chance(probability))).toEqual(Array(50).fill(answer));
  });
});

test('mixing gives 32-bit numbers', () => {
  for (const parts of [[], [0], [-1], [2 ** 40], [1, 2, 3]]) {
    expect(mix(...parts)).toBe(mix(...parts) >>> 0);
  }
});

describe('distribute', () => {
  test.each([
    [10, [1, 1, 1]],
    [0, [1, 2]],
    [7, [0, 1, 0, 3]],
    [2_600_000, Array.from({ length: 1_000 }, (_, index) => index + 1)],
  ])('gives away exactly %d', (total, weights) => {
    const shares = distribute(total, weights);
    expect(shares).toHaveLength(weights.length);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBe(total);
    for (const share of shares) expect(share).toBeGreaterThanOrEqual(0);
  });

  test('follows the weights', () => {
    expect(distribute(100, [1, 3, 0, 6])).toEqual([10, 30, 0, 60]);
  });

  test('gives nothing without any weight', () => {
    expect(distribute(5, [0, 0])).toEqual([0, 0]);
  });
});
