import { setTimeout as sleep } from 'node:timers/promises';
import { checkOut, findPreviousBuild, migrateFrom } from '../checkout.ts';
import type { AddonProcess } from '../addon-process.ts';
import type { FaultCell, FaultRow } from '../fault-row.ts';
import type { Scene } from '../scene.ts';
import {
  anyNumber,
  attemptsSince,
  changeMany,
  expectAnswered,
  installBeside,
  keepPace,
  untilProcessed,
  whileTold,
} from './changes.ts';
import { onePageEach } from './steps.ts';

/** Requests a second that come while processes are replaced. */
const callsPerSecond = 50;
const deliveriesPerSecond = 500;
/** Workspaces that send besides: one may send 200 a second for long. */
const senders = ['a', 'b', 'c', 'd'];
/** Of all deliveries this many are changes; the others tell again what is so already. */
const changesPerSecond = 30;
/** What the sender must have managed for the load to count. */
const shareSent = 0.95;
const settleMs = 1_000;

async function replace(part: AddonProcess, root?: string): Promise<void> {
  await part.stop('SIGTERM');
  await part.start(root === undefined ? {} : { root });
}

async function replaceAll(parts: readonly AddonProcess[], root?: string): Promise<void> {
  for (const part of parts) await replace(part, root);
}

/** Calls the API all the time, each time on a new connection, as through a balancer; says how many calls failed. */
async function callAllTheTime({ stack }: Scene, work: () => Promise<void>): Promise<void> {
  const ending = new AbortController();
  const failures: string[] = [];
  const pending: Promise<void>[] = [];
  const call = async (): Promise<void> => {
    const options = { headers: { connection: 'close' }, signal: AbortSignal.timeout(10_000) };
    const answer = await fetch(`${stack.baseUrl}/manifest`, options).catch(
      (error: Error) => `${error.message}: ${String(error.cause)}`,
    );
    if (typeof answer === 'string') failures.push(answer);
    else if (answer.status !== 200) failures.push(String(answer.status));
  };
  const calling = (async () => {
    for (; !ending.signal.aborted; await sleep(1_000 / callsPerSecond)) pending.push(call());
  })();
  await work();
  ending.abort();
  await calling;
  await Promise.all(pending);
  if (failures.length > 0) throw new Error(`${failures.length} of ${pending.length} calls failed: ${failures[0]}`);
}

const rolling: FaultCell = {
  moment: 'of workers and APIs, one after the other, under load',
  inject: (scene) =>
    callAllTheTime(scene, async () => {
      await replaceAll(scene.stack.workers);
      await replaceAll(scene.stack.apis);
      await sleep(settleMs);
    }),
};

/** Has each of the workspaces told in turn what it looks like, so many times a second. */
function tellAgain({ stack: { simulator } }: Scene, ids: readonly string[], perSecond: number, signal: AbortSignal) {
  const tell = (turn: number): void => {
    const id = ids[turn % ids.length] ?? '';
    const tags = simulator.world(id).list('tags');
    const tag = tags[Math.floor(turn / ids.length) % tags.length];
    simulator.fireWebhook(id, { event: 'TAG_UPDATED', entityId: String(tag?.['id']) });
  };
  return keepPace(tell, anyNumber, perSecond, signal);
}

/** Sends until the work is done, and answers when that was. */
async function deliverAllTheTime(
  scene: Scene,
  others: readonly string[],
  work: () => Promise<void>,
): Promise<{ readonly from: number; readonly to: number }> {
  const ending = new AbortController();
  const from = Date.now();
  const telling = tellAgain(scene, others, deliveriesPerSecond - changesPerSecond, ending.signal);
  const changing = changeMany(scene, anyNumber, changesPerSecond, ending.signal);
  await work().finally(() => ending.abort());
  await Promise.all([telling, changing]);
  return { from, to: Date.now() };
}

const rollingUnderDeliveries = whileTold(
  `of workers and APIs, one after the other, under ${deliveriesPerSecond} deliveries a second`,
  async (scene) => {
    const { apis, workers } = scene.stack;
    const others: string[] = [];
    for (const letter of senders) others.push((await installBeside(scene, letter)).workspaceId);
    const { from, to } = await deliverAllTheTime(scene, others, async () => {
      await replaceAll(apis);
      await replaceAll(workers);
    });
    const sent = [scene.workspaceId, ...others];
    for (const id of sent) await untilProcessed(scene, id);
    const attempts = sent.flatMap((id) => attemptsSince(scene, id, from));
    expectAnswered(attempts);
    const perSecond = (attempts.filter(({ at }) => at <= to).length / (to - from)) * 1_000;
    if (perSecond < deliveriesPerSecond * shareSent) throw new Error(`only ${Math.round(perSecond)} came a second`);
  },
);

const newWorkflows: FaultCell = {
  moment: 'the build before had begun the run',
  needs: ['git'],
  begins: 'cold',
  async inject(scene) {
    const { workers } = scene.stack;
    await replaceAll(workers, await checkOut(await findPreviousBuild()));
    await scene.install();
    await scene.untilPages(60);
    await replaceAll(workers);
  },
};

const rolledBack: FaultCell = {
  moment: 'the build before takes over a run of this one, and gives it back',
  needs: ['git'],
  async inject(scene) {
    const { workers } = scene.stack;
    await replaceAll(workers, await checkOut(await findPreviousBuild()));
    await sleep(settleMs);
    await replaceAll(workers);
  },
  accept: { refetched: onePageEach },
};

const migrated: FaultCell = {
  moment: 'under the build before, in the middle of its run',
  needs: ['git'],
  begins: 'cold',
  async inject(scene) {
    const { workers, apis, postgres } = scene.stack;
    const previous = await checkOut(await findPreviousBuild());
    await replaceAll([...apis, ...workers], previous);
    await scene.install();
    await scene.untilPages(40);
    await migrateFrom(postgres.url('clockify_addon'));
    await scene.untilPages(80);
    await replaceAll([...apis, ...workers]);
  },
};

export const deployRows: readonly FaultRow[] = [
  { row: 4, fault: 'a rolling deploy', cells: [rolling, rollingUnderDeliveries] },
  { row: 46, fault: 'a deploy of changed workflows', cells: [newWorkflows] },
  { row: 47, fault: 'a rollback', cells: [rolledBack] },
  { row: 48, fault: 'a migration', cells: [migrated] },
];
