import type { FaultFlags } from './flags.ts';
import { findObstacle } from './needs.ts';
import { createRandom } from './random.ts';
import { allRows } from './rows.ts';
import { killUnderDeliveries } from './rows/kills-under-deliveries.ts';
import { killManyTimes } from './rows/many-kills.ts';
import { runCell } from './runner.ts';
import { combine, describeSchedule, drawSchedule } from './schedule.ts';
import type { FaultCell } from './fault-row.ts';
import { startStack } from './stack.ts';
import type { Stack } from './stack.ts';
import { isGood, renderTable } from './table.ts';
import type { Line } from './table.ts';

interface Task {
  readonly row: number;
  readonly fault: string;
  readonly cell: FaultCell;
  readonly seed: number;
}

type Print = (line: string) => void;

/** What the flags ask for, in order. */
export function planTasks(flags: FaultFlags): Task[] {
  const { rows, seed, random, profile, kills, deliveries } = flags;
  if (random > 0) {
    return Array.from({ length: random }, (_, index) => {
      const strikes = drawSchedule(allRows, seed + index);
      const cell = { ...combine(strikes, describeSchedule(strikes)), workspace: { profile } };
      return { row: 0, fault: `seed ${seed + index}`, cell, seed: seed + index };
    });
  }
  if (kills > 0) {
    const cell = killManyTimes({ workers: kills, apis: Math.round(kills / 4), profile });
    return [{ row: 1, fault: 'kill -9 of a worker', cell, seed }];
  }
  if (deliveries > 0) {
    return [{ row: 3, fault: 'kill -9', cell: killUnderDeliveries(deliveries), seed }];
  }
  return allRows
    .filter(({ row }) => rows.length === 0 || rows.includes(row))
    .flatMap(({ row, fault, cells }) => cells.map((cell) => ({ row, fault, cell, seed })));
}

/** Runs what the flags ask for and prints the table. False when an oracle was violated. */
export async function runFaults(flags: FaultFlags, print: Print): Promise<boolean> {
  const tasks = planTasks(flags);
  const possible = tasks.filter(({ cell }) => findObstacle(cell.needs) === null);
  if (!flags.list) {
    const lines = await runTasks(possible, flags, print);
    ['', ...renderTable(lines)].forEach(print);
    printLeftOut(tasks, print);
    return lines.every(isGood);
  }
  possible.forEach(({ row, fault, cell }) => print(`${row}  ${fault}: ${cell.moment}`));
  printLeftOut(tasks, print);
  return true;
}

/** Cells that are not shown here, each with the reason. */
function printLeftOut(tasks: readonly Task[], print: Print): void {
  const left = tasks.filter(({ cell }) => findObstacle(cell.needs) !== null);
  if (left.length === 0) return;
  print('\nNot shown here:');
  left.forEach(({ row, fault, cell }) => print(`${row}  ${fault}: ${cell.moment}: ${findObstacle(cell.needs)}`));
}

async function runTasks(tasks: readonly Task[], flags: FaultFlags, print: Print): Promise<Line[]> {
  const lines: Line[] = [];
  const stacks = createStacks(flags, print);
  try {
    for (const { row, fault, cell, seed } of tasks) {
      const options = { random: createRandom(seed), patience: flags.patience, limitMs: limitOf(flags) };
      const result = await runCell(await stacks.open(cell), cell, options);
      const line = { row, fault, moment: cell.moment, result };
      lines.push(line);
      renderTable([line]).slice(1).forEach(print);
      stacks.note(isGood(line));
    }
  } finally {
    await stacks.close();
  }
  return lines;
}

const limitOf = ({ profile, deliveries }: FaultFlags): number =>
  profile === 'XS' && deliveries === 0 ? 180_000 : 3_600_000;

/** One stack for as many cells as can share it; after a breach the next cell gets a new one. */
function createStacks({ profile }: FaultFlags, print: Print) {
  let shared: Stack | undefined;
  let wasGood = true;

  async function close(): Promise<void> {
    if (shared === undefined) return;
    if (!wasGood) print(`The logs of this breach are in ${shared.directory}`);
    await shared.stop({ keepFiles: !wasGood });
    shared = undefined;
    wasGood = true;
  }

  return {
    close,
    note: (isGoodCell: boolean): void => void (wasGood &&= isGoodCell),
    async open({ stack }: FaultCell): Promise<Stack> {
      if (!wasGood || stack !== shared?.options) await close();
      return (shared ??= await startStack(stack, profile === 'XS' ? 40 : 200));
    },
  };
}
