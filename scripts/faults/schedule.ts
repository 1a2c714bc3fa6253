import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultCell, FaultRow } from './fault-row.ts';
import { findObstacle } from './needs.ts';
import { createRandom } from './random.ts';
import type { Scene } from './scene.ts';

/** One fault of a schedule, and when it strikes. */
export interface Strike {
  readonly row: number;
  readonly cell: FaultCell;
  readonly delayMs: number;
}

const mostStrikes = 5;
const latestMs = 3_000;
/** A moment that has not come by then does not come any more. */
const patienceMs = 30_000;

/** One to five faults that can stand beside each other, drawn by the seed: the same seed, the same schedule. */
export function drawSchedule(rows: readonly FaultRow[], seed: number): Strike[] {
  const random = createRandom(seed);
  const candidates = rows.flatMap(({ row, cells }) =>
    cells.filter(({ isMixable, needs }) => isMixable && findObstacle(needs) === null).map((cell) => ({ row, cell })),
  );
  const strikes = Array.from({ length: 1 + random.below(mostStrikes) }, () => ({
    ...random.pick(candidates),
    delayMs: random.below(latestMs),
  }));
  return strikes.toSorted((a, b) => a.delayMs - b.delayMs);
}

export const describeSchedule = (strikes: readonly Strike[]): string =>
  strikes.map(({ row, delayMs }) => `${row}@${(delayMs / 1000).toFixed(1)}s`).join(' ');

/** All faults of a schedule as one cell; what each of them may cost adds up. */
export function combine(strikes: readonly Strike[], moment: string): FaultCell {
  const accepted = strikes.map(({ cell }) => cell.accept ?? {});
  const checks = accepted.flatMap(({ check }) => check ?? []);
  const ends = accepted.flatMap((accept) => (typeof accept.ends === 'object' ? accept.ends : []));
  return {
    moment,
    inject: async (scene) => void (await Promise.all(strikes.map((strike) => strikeOnce(scene, strike)))),
    accept: {
      refetched: accepted.reduce((sum, { refetched = 0 }) => sum + refetched, 0),
      recoveryMs: accepted.reduce((sum, { recoveryMs = 30_000 }) => sum + recoveryMs, 30_000),
      ends: [...new Set(['COMPLETED' as const, ...ends])],
      mayRefuse: accepted.some(({ mayRefuse }) => mayRefuse === true),
      reruns: accepted.some(({ reruns }) => reruns === true),
      check: async (scene) => (await Promise.all(checks.map(async (check) => check(scene)))).flat(),
    },
  };
}

/** The moment of a fault may never come beside another one: then it does not strike. */
async function strikeOnce(scene: Scene, { cell, delayMs }: Strike): Promise<void> {
  await sleep(delayMs);
  const patience = AbortSignal.timeout(patienceMs);
  const { promise: late, resolve } = Promise.withResolvers<void>();
  patience.addEventListener('abort', () => resolve());
  const over = AbortSignal.any([scene.over, patience]);
  await Promise.race([late, cell.inject({ ...scene, over }).catch(() => null)]);
}
