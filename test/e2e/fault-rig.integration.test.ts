import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { createRandom } from '../../scripts/faults/random.ts';
import { allRows } from '../../scripts/faults/rows.ts';
import { runCell } from '../../scripts/faults/runner.ts';
import { combine, describeSchedule, drawSchedule } from '../../scripts/faults/schedule.ts';
import { startStack } from '../../scripts/faults/stack.ts';
import type { Stack } from '../../scripts/faults/stack.ts';

let stack: Stack;

beforeAll(async () => {
  stack = await startStack(undefined, 40);
}, 240_000);

afterAll(() => stack.stop(), 60_000);

/** Other tests run beside this one: how long recovery takes is for the rig itself to judge. */
const patience = 20;

const cellOf = (row: number, moment: string) => {
  const cell = allRows.find((candidate) => candidate.row === row)?.cells.find((one) => one.moment === moment);
  if (cell === undefined) throw new Error(`row ${row} has no moment ${moment}`);
  return cell;
};

it.each([
  [1, 'after the fetch, before the commit'],
  [12, 'on the way back to the outbox relay'],
  [31, 'the connection breaks within the answer'],
])(
  'row %i of the fault matrix, %s: nothing is lost, nothing comes twice',
  async (row, moment) => {
    const result = await runCell(stack, cellOf(row, moment), { random: createRandom(1), patience });
    expect(result).toMatchObject({ lost: 0, duplicated: 0, breaches: [] });
  },
  180_000,
);

it('the faults that a seed draws, all in one run: nothing is lost, nothing comes twice', async () => {
  const seed = 2;
  const strikes = drawSchedule(allRows, seed);
  const cell = combine(strikes, describeSchedule(strikes));
  const result = await runCell(stack, cell, { random: createRandom(seed), patience });
  expect(result).toMatchObject({ lost: 0, duplicated: 0, breaches: [] });
}, 240_000);
