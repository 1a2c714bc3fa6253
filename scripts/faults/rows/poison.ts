import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import type { InstallResult } from '../../../simulator/platform/requests.ts';
import type { FaultRow } from '../fault-row.ts';
import type { FloodPlan, FloodResult } from '../flood.ts';
import type { Scene } from '../scene.ts';
import {
  attemptsSince,
  changeMany,
  expectAnswered,
  findSlowest,
  installBeside,
  untilDone,
  whileTold,
} from './changes.ts';

/** A million an hour, one in fourteen of them large, for the minute in which others are watched. */
const turnMs = 50;
const turns = 1_200;
const largeBytes = 2_000_000;
const smallInTurn = 13;
const broken = 100;
const changes = 1_200;
const perSecond = 20;
/** Noise of a machine with two processors; less than that is no harm. */
const sparedMs = 100;
/** An API that has worked at this pace holds more than one that never did; four minutes of it leave no more than one. */
const warmMiB = 128;

const event = 'TAG_UPDATED';
const program = join(import.meta.dirname, '../flood.ts');

/** Sends them past the simulator, straight to the APIs. Nobody repeats what is refused. */
async function floodFrom({ stack: { apis, simulator } }: Scene, poison: InstallResult): Promise<FloodResult> {
  const [row = {}] = simulator.world(poison.workspaceId).list('tags');
  const hook = poison.webhooks.find((webhook) => webhook.event === event);
  if (hook === undefined) throw new Error(`no webhook for ${event}`);
  const plan: FloodPlan = {
    urls: apis.map(({ port }) => `http://127.0.0.1:${port}${hook.path}`),
    headers: {
      'content-type': 'application/json',
      'clockify-signature': hook.authToken,
      'clockify-webhook-event-type': event,
    },
    row,
    turns,
    turnMs,
    largeBytes,
    smallInTurn,
    broken,
  };
  const child = fork(program, { execArgv: ['--disable-warning=ExperimentalWarning'] });
  try {
    child.send(plan);
    const [result] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => Promise.reject(new Error('the flood broke off'))),
    ])) as [FloodResult];
    return result;
  } finally {
    child.kill('SIGKILL');
  }
}

/** Throws unless it was taken, as far as there was room for it. */
function expectTaken({ statuses, acknowledged }: FloodResult): void {
  const isFailed = Object.keys(statuses).some((status) => Number(status) >= 500);
  if (isFailed || acknowledged.length === 0) throw new Error(`the flood was answered ${JSON.stringify(statuses)}`);
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

const poisoned = whileTold(
  'a million deliveries an hour, of up to 2 MB, of another workspace',
  async (scene) => {
    const poison = await installBeside(scene, 'c');
    const usual = await measure(scene);
    const flooding = floodFrom(scene, poison);
    const [under, flood] = await Promise.all([measure(scene), flooding]);
    expectTaken(flood);
    await untilDone(
      scene,
      poison.workspaceId,
      flood.acknowledged.map((hash) => `${event}:${hash}`),
    );
    const bar = Math.max(2 * usual, sparedMs * scene.patience);
    if (under > bar) throw new Error(`others were answered after ${under} ms, ${usual} ms before`);
  },
  { heldMiB: warmMiB },
);

export const poisonRows: readonly FaultRow[] = [{ row: 52, fault: 'one workspace is poison', cells: [poisoned] }];
