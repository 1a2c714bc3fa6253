import { describe, expect, it } from '@jest/globals';
import type { FaultCell, FaultRow } from './fault-row.ts';
import { combine, describeSchedule, drawSchedule } from './schedule.ts';
import type { Scene } from './scene.ts';

const cell = (moment: string, more: Partial<FaultCell> = {}): FaultCell => ({
  moment,
  isMixable: true,
  inject: () => Promise.resolve(),
  ...more,
});

const rows: readonly FaultRow[] = [
  { row: 1, fault: 'one', cells: [cell('a'), cell('b')] },
  { row: 2, fault: 'two', cells: [cell('c')] },
  { row: 3, fault: 'never drawn', cells: [{ moment: 'd', inject: () => Promise.resolve() }] },
];

describe('a random schedule', () => {
  it('is the same for the same seed', () => {
    expect(drawSchedule(rows, 42)).toEqual(drawSchedule(rows, 42));
  });

  it('holds one to five faults that can stand beside each other, in the order of their time', () => {
    const schedules = Array.from({ length: 100 }, (_, seed) => drawSchedule(rows, seed));
    expect([...new Set(schedules.map(({ length }) => length))].toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5]);
    expect([...new Set(schedules.flat().map(({ row }) => row))].toSorted((a, b) => a - b)).toEqual([1, 2]);
    for (const strikes of schedules) {
      const times = strikes.map(({ delayMs }) => delayMs);
      expect(times).toEqual(times.toSorted((a, b) => a - b));
    }
  });

  it('is told by row and second', () => {
    expect(describeSchedule([{ row: 28, cell: cell('a'), delayMs: 1_250 }])).toBe('28@1.3s');
  });
});

describe('faults that strike together', () => {
  const strike = (accept: FaultCell['accept'], more: Partial<FaultCell> = {}) => ({
    row: 1,
    delayMs: 0,
    cell: cell('a', { ...more, ...(accept && { accept }) }),
  });

  it('may cost what each of them may cost', () => {
    const { accept } = combine(
      [
        strike({ refetched: 8, mayRefuse: true }),
        strike({ refetched: 3, ends: ['COMPLETED_WITH_WARNINGS'] }),
        strike({}),
      ],
      'together',
    );
    expect(accept).toMatchObject({
      refetched: 11,
      mayRefuse: true,
      reruns: false,
      ends: ['COMPLETED', 'COMPLETED_WITH_WARNINGS'],
    });
  });

  it('all strike, also when the moment of one does not come', async () => {
    const struck: string[] = [];
    const inject = (name: string) => () => Promise.resolve(void struck.push(name));
    const failing = (): Promise<void> => Promise.reject(new Error('the moment never came'));
    const { inject: injectAll } = combine(
      [strike({}, { inject: failing }), strike({}, { inject: inject('one') }), strike({}, { inject: inject('two') })],
      'together',
    );
    await injectAll({ over: new AbortController().signal } as Scene);
    expect(struck).toEqual(['one', 'two']);
  });

  it('are checked by each of their own checks', async () => {
    const { accept } = combine(
      [strike({ check: () => ['one'] }), strike({ check: () => Promise.resolve(['two']) })],
      'together',
    );
    expect(await accept?.check?.({} as Scene)).toEqual(['one', 'two']);
  });
});
