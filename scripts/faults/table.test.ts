import { describe, expect, it } from '@jest/globals';
import type { CellResult } from './runner.ts';
import { isGood, renderTable } from './table.ts';

const result: CellResult = { lost: 0, duplicated: 0, refetched: 3, recoveryMs: 10_840, breaches: [] };
const line = (more: Partial<CellResult> = {}) => ({
  row: 1,
  fault: 'kill -9 of a worker',
  moment: 'while fetching',
  result: { ...result, ...more },
});

describe('the table', () => {
  it('shows a line for each moment', () => {
    expect(renderTable([line(), line({ recoveryMs: null })])).toEqual([
      'row  moment                               lost  duplicated  refetched  recovery',
      '  1  kill -9 of a worker: while fetching     0           0          3    10.8 s  ok',
      '  1  kill -9 of a worker: while fetching     0           0          3         -  ok',
    ]);
  });

  it('names what was breached', () => {
    const breached = line({ breaches: ['tags: 2 rows missing', '51 requests within one second'] });
    expect(isGood(breached)).toBe(false);
    expect(renderTable([breached]).slice(1)).toEqual([
      '  1  kill -9 of a worker: while fetching     0           0          3    10.8 s  BREACH',
      '',
      'row 1, while fetching: tags: 2 rows missing',
      'row 1, while fetching: 51 requests within one second',
    ]);
  });
});
