import { expect, it } from '@jest/globals';
import { findRetryDelay, mostAttempts } from './delivery-retry.ts';

const delays = (chance: number) =>
  Array.from({ length: mostAttempts }, (_, index) => findRetryDelay(index + 1, chance));

it('a delivery is tried eight times, and then no more', () => {
  expect(mostAttempts).toBe(8);
  expect(delays(0.5)).toEqual([10_000, 60_000, 300_000, 1_200_000, 3_600_000, 14_400_000, 43_200_000, null]);
});

it.each([0, 1])('with the chance %d all tries are made within a day', (chance) => {
  const sum = delays(chance).reduce<number>((total, delay) => total + (delay ?? 0), 0);
  expect(sum).toBeLessThan(24 * 3_600_000);
});

it('chance spreads what failed together', () => {
  expect([findRetryDelay(1, 0), findRetryDelay(1, 1)]).toEqual([7_500, 12_500]);
});
