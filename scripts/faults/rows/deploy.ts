import { setTimeout as sleep } from 'node:timers/promises';
import { checkOut, findPreviousBuild, migrateFrom } from '../checkout.ts';
import type { AddonProcess } from '../addon-process.ts';
import type { FaultCell, FaultRow } from '../fault-row.ts';
import type { Scene } from '../scene.ts';
import { anyNumber, attemptsSince, changeMany, expectAnswered, whileTold } from './changes.ts';
import { onePageEach } from './steps.ts';

/** Requests a second that come while processes are replaced. */
const callsPerSecond = 50;
const deliveriesPerSecond = 30;
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

const rollingUnderDeliveries = whileTold(
  'of workers and APIs, one after the other, under deliveries',
  async (scene) => {
    const from = Date.now();
    const ending = new AbortController();
    const changing = changeMany(scene, anyNumber, deliveriesPerSecond, ending.signal);
    await replaceAll(scene.stack.apis);
    await replaceAll(scene.stack.workers);
    ending.abort();
    await changing;
    await scene.stack.simulator.settleDeliveries(scene.workspaceId, 180_000);
    expectAnswered(attemptsSince(scene, scene.workspaceId, from));
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
