import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultCell } from '../fault-row.ts';
import type { Scene } from '../scene.ts';
import { changeMany, whileTold } from './changes.ts';

/** Less than an API takes of one workspace. */
const perSecond = 100;
const longestPauseMs = 4_000;

/** kill -9 of an API or a worker, one after the other; each is started again before the next. */
async function killUntil({ stack, random }: Scene, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    const victim = random.pick([...stack.apis, ...stack.workers]);
    await victim.stop('SIGKILL');
    await sleep(random.below(longestPauseMs / 2));
    await victim.start();
    await sleep(random.below(longestPauseMs));
  }
}

/** Kills APIs and workers at random moments while so many changes are told. */
export const killUnderDeliveries = (changes: number): FaultCell =>
  whileTold(`of APIs and workers at random during ${changes} changes`, async (scene) => {
    let isOver = false;
    const changing = changeMany(scene, changes, perSecond).finally(() => (isOver = true));
    await Promise.all([changing, killUntil(scene, () => isOver)]);
  });
