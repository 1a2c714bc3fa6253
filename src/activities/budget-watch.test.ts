import { beforeEach, describe, expect, it } from '@jest/globals';
import { createBudgetWatch } from './budget-watch.ts';
import type { BudgetWatch } from './budget-watch.ts';

let now: number;
let watch: BudgetWatch;
beforeEach(() => {
  now = 5_000_000;
  watch = createBudgetWatch(() => now);
});

const slot = { used: 0.5, hourlyUsed: null, refusals: 0 };
const read = () => ({
  second: watch.used.second(),
  hour: watch.used.hour(),
  open: watch.workspaces.open(),
  slowed: watch.workspaces.slowed(),
});

it('knows nothing before the first slot', () => {
  expect(read()).toEqual({ second: 0, hour: 0, open: 0, slowed: 0 });
});

it('tells the fullest budget of all workspaces', () => {
  watch.note('w1', { ...slot, hourlyUsed: 0.1 });
  watch.note('w2', { ...slot, used: 0.2, hourlyUsed: 0.9 });
  watch.note('w3', slot);
  expect(read()).toMatchObject({ second: 0.5, hour: 0.9 });
});

it('goes by the last slot of each workspace', () => {
  watch.note('w1', { ...slot, refusals: 2 });
  expect(read()).toMatchObject({ open: 0, slowed: 1 });
  watch.note('w1', { ...slot, used: 0.1 });
  expect(read()).toMatchObject({ second: 0.1, open: 1, slowed: 0 });
});

describe.each([
  [2_000, { second: 0.5, hour: 0.4, slowed: 1 }],
  [2_001, { second: 0, hour: 0.4, slowed: 1 }],
  [3_600_000, { second: 0, hour: 0.4, slowed: 1 }],
  [3_600_001, { second: 0, hour: 0, slowed: 0 }],
])('%i ms after the last slot', (milliseconds, expected) => {
  it('tells what can still be true', () => {
    watch.note('w1', { ...slot, hourlyUsed: 0.4, refusals: 1 });
    now += milliseconds;
    watch.note('w2', { ...slot, used: 0 });
    expect(read()).toEqual({ ...expected, open: 1 });
  });
});
