import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultRow } from '../fault-row.ts';
import type { Scene } from '../scene.ts';
import {
  attemptsSince,
  changeMany,
  expectAnswered,
  findSlowest,
  installBeside,
  untilProcessed,
  whileTold,
} from './changes.ts';

/** A million an hour, one in fourteen of them large, for as long as others are watched. */
const turnMs = 50;
const turns = 100;
const largeBytes = 2_000_000;
const smallInTurn = 13;
const broken = 100;
const changes = 100;
const perSecond = 20;
/** Noise of a machine with two processors; less than that is no harm. */
const sparedMs = 100;

/** Deliveries of another workspace: too many, too large and partly no JSON. */
async function floodFrom({ stack: { simulator } }: Scene, poison: string): Promise<void> {
  const event = 'TAG_UPDATED';
  const [tag] = simulator.world(poison).list('tags');
  simulator.fireWebhook(poison, { event, rawBody: '{"id":', times: broken });
  const filler = 'x'.repeat(largeBytes);
  for (let turn = 0; turn < turns; turn++) {
    simulator.fireWebhook(poison, { event, body: { ...tag, turn, filler } });
    for (let one = 0; one < smallInTurn; one++) {
      simulator.fireWebhook(poison, { event, body: { ...tag, turn, one } });
    }
    await sleep(turnMs);
  }
}

/** The 99th percentile of the answers to changes, in milliseconds. */
async function measure(scene: Scene): Promise<number> {
  const from = Date.now();
  await changeMany(scene, changes, perSecond);
  await scene.stack.simulator.settleDeliveries(scene.workspaceId);
  const attempts = attemptsSince(scene, scene.workspaceId, from);
  expectAnswered(attempts);
  return findSlowest(attempts);
}

const poisoned = whileTold('a million deliveries an hour, of up to 2 MB, of another workspace', async (scene) => {
  const { simulator } = scene.stack;
  const poison = await installBeside(scene, 'c');
  const usual = await measure(scene);
  const flooding = floodFrom(scene, poison);
  const under = await measure(scene);
  await flooding;
  await untilProcessed(scene, poison);
  simulator.resetDeliveries(poison);
  const bar = Math.max(2 * usual, sparedMs * scene.patience);
  if (under > bar) throw new Error(`others were answered after ${under} ms, ${usual} ms before`);
});

export const poisonRows: readonly FaultRow[] = [{ row: 52, fault: 'one workspace is poison', cells: [poisoned] }];
