import type { ProfileName } from '../../../simulator/world/types.ts';
import type { FaultCell } from '../fault-row.ts';
import type { Scene } from '../scene.ts';
import { isOver, onePageEach } from './steps.ts';

export interface KillPlan {
  readonly workers: number;
  readonly apis: number;
  readonly profile?: ProfileName;
  /** Pages of the whole run, over which the kills are spread; of profile XS without. */
  readonly pages?: number;
}

/** About how many pages a run has; of XS in pages of 40 rows. */
const pagesOf = { XS: 180, S: 1_900, M: 13_000, L: 70_000, X: 7_000 } as const satisfies Record<ProfileName, number>;

/** kill -9 of workers and APIs in turn, spread over one run; each is started again at once. */
export function killManyTimes({ workers, apis, profile = 'XS' }: KillPlan): FaultCell {
  const kills = workers + apis;
  async function strikeOnce(scene: Scene, kill: number): Promise<void> {
    const isApi = Math.floor(((kill + 1) * apis) / kills) > Math.floor((kill * apis) / kills);
    const victim = scene.random.pick(isApi ? scene.stack.apis : scene.stack.workers);
    await victim.stop('SIGKILL');
    await victim.start();
  }
  return {
    moment: `${workers} times, and ${apis} times of an API, in one run of profile ${profile}`,
    workspace: { profile },
    async inject(scene) {
      const step = pagesOf[profile] / (kills + 1);
      for (let kill = 0; kill < kills; kill++) {
        await scene.until(async () => (await isOver(scene)) || (await scene.pages()) >= kill * step, 600_000);
        if (await isOver(scene)) throw new Error(`the run ended after ${kill} kills`);
        await strikeOnce(scene, kill);
      }
    },
    accept: { refetched: workers * onePageEach, mayRefuse: true },
  };
}
