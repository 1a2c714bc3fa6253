import { expect, test } from '@jest/globals';
import { createIngestLimit } from './ingest-limit.ts';

test('takes 2,000 at once, then 200 a second, and says how long to wait', () => {
  let now = 0;
  const take = createIngestLimit(() => now);
  for (let count = 0; count < 2_000; count += 1) expect(take('a', 500)).toBe(0);
  expect(take('a', 500)).toBe(1);
  now += 1_000;
  for (let count = 0; count < 200; count += 1) expect(take('a', 500)).toBe(0);
  expect(take('a', 500)).toBe(1);
  now += 60_000;
  for (let count = 0; count < 2_000; count += 1) expect(take('a', 500)).toBe(0);
  expect(take('a', 500)).toBe(1);
});

test('large deliveries take the room of many small ones, and a third of it', () => {
  let now = 0;
  const take = createIngestLimit(() => now);
  const mebibyte = 1024 * 1024;
  // 64 places each.
  for (let count = 0; count < 10; count += 1) expect(take('a', mebibyte)).toBe(0);
  expect(take('a', mebibyte)).toBe(1);
  for (let count = 0; count < 2_000 - 10 * 64; count += 1) expect(take('a', 0)).toBe(0);
  expect(take('a', 0)).toBe(1);
  expect(take('a', mebibyte)).toBe(7);
  now += 7_000;
  expect(take('a', mebibyte)).toBe(0);
  expect(take('a', mebibyte)).toBe(1);
});

test('takes two of the largest deliveries at once', () => {
  const take = createIngestLimit(() => 0);
  for (let count = 0; count < 2; count += 1) expect(take('a', 5 * 1024 * 1024)).toBe(0);
  expect(take('a', 5 * 1024 * 1024)).toBe(2);
});

test('a full bucket is the matter of its installation alone', () => {
  const take = createIngestLimit(() => 0);
  for (let count = 0; count < 2_001; count += 1) take('a', 500);
  expect(take('a', 500)).toBe(1);
  expect(take('b', 500)).toBe(0);
});

test('forgets the installation that was silent for longest, not the one that is sending', () => {
  const take = createIngestLimit(() => 0);
  for (let count = 0; count < 2_000; count += 1) take('loud', 0);
  for (let count = 0; count < 15_000; count += 1) {
    take(`other-${count}`, 0);
    if (count % 5_000 === 0) take('loud', 0);
  }
  expect(take('loud', 0)).toBe(1);
});
