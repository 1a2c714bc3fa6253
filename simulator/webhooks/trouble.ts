import { createRandom, type Random } from '../world/random.ts';
import { calm, type WebhookSettings } from './settings.ts';

export interface TroubleOptions {
  readonly seed: number;
  /** 8 without. */
  readonly steps?: number;
  /** Platform milliseconds of one step; 10,000 without. */
  readonly stepMs?: number;
  /** Largest share that may get lost for good in a step; 0 without. */
  readonly drop?: number;
}

/** One stretch of bad weather. */
export type TroubleStep = Partial<WebhookSettings>;

type Draw = (random: Random, drop: number) => TroubleStep;

const kinds: readonly [Draw, ...Draw[]] = [
  (random) => ({ duplicate: random.int(1, 5) / 10 }),
  (random) => ({ burst: random.int(2, 40), reorder: true }),
  (random) => ({ delayMs: random.int(1, 30) * 1000 }),
  () => ({ paused: true }),
  (random) => ({ burst: random.int(10, 100) }),
  (random, drop) => ({ drop: drop * random.next() }),
];

/** What a number stands for: the same steps every time. */
export function drawTrouble({ seed, steps = 8, drop = 0 }: TroubleOptions): readonly TroubleStep[] {
  return Array.from({ length: steps }, (_, index) => {
    const random = createRandom(seed, index);
    return { ...calm, ...random.pick(kinds)(random, drop) };
  });
}
