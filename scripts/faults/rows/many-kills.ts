import type { ProfileName } from '../../../simulator/world/types.ts';
import type { AddonProcess } from '../addon-process.ts';
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
  async function kill(scene: Scene, turn: number): Promise<AddonProcess> {
    const isApi = Math.floor(((turn + 1) * apis) / kills) > Math.floor((turn * apis) / kills);
    const candidates = (isApi ? scene.stack.apis : scene.stack.workers).filter((part) => part.isRunning());
    const victim = scene.random.pick(candidates.length > 0 ? candidates : scene.stack.workers);
    await victim.stop('SIGKILL');
    return victim;
  }
  return {
    moment: `${workers} times, and ${apis} times of an API, in one run of profile ${profile}`,
    workspace: { profile },
    async inject(scene) {
      const step = pagesOf[profile] / (kills + 1);
      const starting: Promise<unknown>[] = [];
      for (let turn = 0; turn < kills; turn++) {
        await scene.until(async () => (await isOver(scene)) || (await scene.pages()) >= turn * step, 600_000);
        if (await isOver(scene)) throw new Error(`the run ended after ${turn} kills`);
        // It may be killed again before it is up.
        starting.push((await kill(scene, turn)).start().catch(() => undefined));
      }
      await Promise.all(starting);
      await Promise.all([...scene.stack.apis, ...scene.stack.workers].map((part) => part.start()));
    },
    accept: { refetched: workers * onePageEach, mayRefuse: true },
  };
}
