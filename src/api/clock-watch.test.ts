import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { createLogger } from '../platform/logger.ts';
import { waitUntil } from '../../test/support/wait-until.ts';
import { createClockWatch } from './clock-watch.ts';
import type { ClockWatch } from './clock-watch.ts';

let lines: { level: string; msg: string; skewSeconds?: number }[];
let watch: ClockWatch | undefined;
beforeEach(() => void (lines = []));
afterEach(() => watch?.stop());

/** Measures these skews in turn, in seconds, and then stops. */
async function look(...skews: (number | Error)[]): Promise<void> {
  const left = [...skews];
  watch = createClockWatch({
    measure: () => {
      const next = left.shift() ?? 0;
      return next instanceof Error ? Promise.reject(next) : Promise.resolve(next * 1000);
    },
    log: createLogger('debug', { write: (line) => void lines.push(JSON.parse(line)) }),
    pauseMs: 1,
  });
  watch.start();
  await waitUntil(() => left.length === 0);
  await watch.stop();
}

it.each([31, -31, 7_200])(
  'raises the alarm at once when our clock is %i seconds ahead of the database',
  async (skew) => {
    await look(skew);
    expect(lines).toEqual([expect.objectContaining({ msg: 'clock differs from database', skewSeconds: skew })]);
  },
);

it('raises it again as long as the clock stays wrong', async () => {
  await look(60, 0, 61);
  expect(lines.map(({ skewSeconds }) => skewSeconds)).toEqual([60, 61]);
});

it.each([0, 29, -30])('says nothing of %i seconds', async (skew) => {
  await look(skew);
  expect(lines).toEqual([]);
});

it('goes on after a database that did not answer', async () => {
  await look(new Error('away'), 90);
  expect(lines.map(({ msg }) => msg)).toEqual(['clock of the database not read', 'clock differs from database']);
});
