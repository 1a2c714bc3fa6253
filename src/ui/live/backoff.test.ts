import { expect, test } from '@jest/globals';
import { retryDelayMs } from './backoff.ts';

test.each([
  [1, 1000],
  [2, 2000],
  [3, 4000],
  [4, 8000],
  [5, 15_000],
  [50, 15_000],
])('after %d failures the next attempt comes after %d ms', (failures, delay) => {
  expect(retryDelayMs(failures, 0.5)).toBe(delay);
});

test('pages that lost one server return at different times', () => {
  expect([retryDelayMs(1, 0), retryDelayMs(1, 1)]).toEqual([800, 1200]);
});
