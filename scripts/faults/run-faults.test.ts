import { describe, expect, it } from '@jest/globals';
import { parseFlags } from './flags.ts';
import { allRows } from './rows.ts';
import { planTasks, runFaults } from './run-faults.ts';

const asked = [
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 25, 26, 27, 28, 29, 30, 31, 32, 33, 34,
  35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47, 48, 51, 52, 54, 55, 56, 60, 61, 62,
];

describe('the plan', () => {
  it('knows every row that is asked for', () => {
    const known = new Set(allRows.map(({ row }) => row));
    expect(asked.filter((row) => !known.has(row))).toEqual([]);
  });

  it('takes the cells of one row', () => {
    const tasks = planTasks(parseFlags(['--row', '29']));
    expect(tasks.map(({ cell }) => cell.moment)).toEqual(['answer 500', 'answer 502', 'answer 503', 'answer 504']);
  });

  it('draws as many schedules as asked, each with the next seed', () => {
    const tasks = planTasks(parseFlags(['--random', '3', '--seed', '40']));
    expect(tasks.map(({ fault, seed }) => [fault, seed])).toEqual([
      ['seed 40', 40],
      ['seed 41', 41],
      ['seed 42', 42],
    ]);
  });

  it('makes one run of many kills', () => {
    const [task, ...others] = planTasks(parseFlags(['--kills', '20', '--profile', 'M']));
    expect(task?.cell.moment).toBe('20 times, and 5 times of an API, in one run of profile M');
    expect(others).toEqual([]);
  });

  it('tells as many changes as asked while processes are killed', () => {
    const [task, ...others] = planTasks(parseFlags(['--deliveries', '50000']));
    expect(task?.cell.moment).toBe('of APIs and workers at random during 50000 changes');
    expect(others).toEqual([]);
  });
});

it('lists what there is, and why a row cannot be shown, without starting anything', async () => {
  const printed: string[] = [];
  expect(await runFaults(parseFlags(['--list', '--row', '28']), (line) => printed.push(line))).toBe(true);
  expect(printed).toContain('28  a storm of 429: without Retry-After');
});
