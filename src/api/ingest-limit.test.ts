import { expect, test } from '@jest/globals';
import { createIngestLimit } from './ingest-limit.ts';

test('takes 2,000 at once, then 200 a second, and says how long to wait', () => {
  let now = 0;
  const take = createIngestLimit(() => now);
  for (let count = 0; count < 2_000; count += 1) expect(take('a')).toBe(0);
  expect(take('a')).toBe(1);
  now += 1_000;
  for (let count = 0; count < 200; count += 1) expect(take('a')).toBe(0);
  expect(take('a')).toBe(1);
  now += 60_000;
  for (let count = 0; count < 2_000; count += 1) expect(take('a')).toBe(0);
  expect(take('a')).toBe(1);
});

test('a full bucket is the matter of its installation alone', () => {
  const take = createIngestLimit(() => 0);
  for (let count = 0; count < 2_001; count += 1) take('a');
  expect(take('a')).toBe(1);
  expect(take('b')).toBe(0);
});

test('forgets the installation that was silent for longest, not the one that is sending', () => {
  const take = createIngestLimit(() => 0);
  for (let count = 0; count < 2_000; count += 1) take('loud');
  for (let count = 0; count < 15_000; count += 1) {
    take(`other-${count}`);
    if (count % 5_000 === 0) take('loud');
  }
  expect(take('loud')).toBe(1);
});
