import { setTimeout as sleep } from 'node:timers/promises';
import type { Fault } from '../../../simulator/faults/types.ts';
import type { AddonProcess } from '../addon-process.ts';
import type { HeldConnection, Moment } from '../fault-proxy.ts';
import type { Scene } from '../scene.ts';

/** The most pages in flight: one for each page loop of a workspace. */
export const onePageEach = 8;

/** What the product says to Postgres at the moments that matter. */
export const statements = {
  storePage: 'insert into bootstrap_pages',
  restartLoops: 'set fence = fence + 1,',
  writeOutbox: 'insert into outbox',
  emptyOutbox: 'delete from outbox',
  commit: 'commit',
  storeDeliveries: 'store_deliveries(',
} as const;

/** One of the two workers that runs, as the seed says. */
export function pickWorker({ stack, random }: Scene): AddonProcess {
  const running = stack.workers.filter((worker) => worker.isRunning());
  return random.pick(running.length > 0 ? running : stack.workers);
}

/** Whichever of the processes comes to the moment first; the others go on. */
export async function holdAny(
  scene: Scene,
  processes: readonly AddonProcess[],
  way: 'postgres' | 'temporal',
  moment: Moment,
): Promise<{ held: HeldConnection; owner: AddonProcess }> {
  const found = new AbortController();
  const signal = AbortSignal.any([scene.over, found.signal]);
  const waiting = processes.map(async (owner) => ({ held: await owner[way].hold(moment, signal), owner }));
  try {
    return await Promise.any(waiting);
  } finally {
    found.abort();
  }
}

/** Makes Clockify misbehave until so many requests of this workspace were met by it, or so long at most. */
export async function misbehave(scene: Scene, fault: Fault, limitMs = 20_000): Promise<void> {
  const { simulator } = scene.stack;
  const id = simulator.addFault(scene.workspaceId, fault);
  const isArmed = (): boolean => simulator.listFaults(scene.workspaceId).some((armed) => armed.id === id);
  for (const end = Date.now() + limitMs; isArmed() && Date.now() < end; await sleep(50)) {
    if (await isOver(scene)) break;
  }
  simulator.clearFaults(scene.workspaceId, id);
}

export const isOver = async (scene: Scene): Promise<boolean> => (await scene.runs())[0]?.isFinished === true;

/** Installs with the workers standing still, so that the faults are there before the first page is asked for. */
export async function installUnder(scene: Scene, ...faults: readonly Fault[]): Promise<void> {
  const { workers, simulator } = scene.stack;
  workers.forEach((worker) => worker.suspend());
  await scene.install();
  faults.forEach((fault) => simulator.addFault(scene.workspaceId, fault));
  workers.forEach((worker) => worker.resume());
}

/** Waits until the run that is under way has ended. */
export const untilEnded = (scene: Scene, limitMs = 120_000): Promise<void> => scene.until(() => isOver(scene), limitMs);

/** Gives an order as an admin does. */
export async function order(scene: Scene, verb: 'pause' | 'resume'): Promise<void> {
  const answer = await scene.call(`/bootstrap/${scene.workspaceId}/${verb}`, { reason: 'fault rig' });
  if (!answer.ok) throw new Error(`${verb}: ${answer.status} ${await answer.text()}`);
}
