import { setTimeout as sleep } from 'node:timers/promises';
import type { AddonProcess } from '../addon-process.ts';
import { shiftClock } from '../fake-time.ts';
import type { FaultCell, FaultRow } from '../fault-row.ts';
import type { Scene } from '../scene.ts';
import { onePageEach } from './steps.ts';

const hourS = 3_600;
const tolerableS = 50;

async function restart(part: AddonProcess, aheadS: number): Promise<void> {
  await part.stop('SIGTERM');
  await part.start(aheadS === 0 ? {} : { env: shiftClock(aheadS) });
}

interface ReadyAnswer {
  readonly checks?: { readonly clock?: { readonly ok: boolean } };
}

async function isClockGood({ port }: AddonProcess): Promise<boolean | undefined> {
  const response = await fetch(`http://127.0.0.1:${port}/ready`);
  return ((await response.json()) as ReadyAnswer).checks?.clock?.ok;
}

/** The other API stands in meanwhile; a client that is sent to the wrong one is refused, as its tokens look dead. */
const wrongApi = (hours: number): FaultCell => ({
  moment: `an API is ${Math.abs(hours)} hours ${hours > 0 ? 'ahead' : 'behind'}, and says so`,
  needs: ['faketime'],
  async inject(scene) {
    const [api] = scene.stack.apis;
    await restart(api, hours * hourS);
    const isGood = await isClockGood(api);
    await restart(api, 0);
    if (isGood !== false) throw new Error('the API calls itself ready');
    if ((await isClockGood(api)) !== true) throw new Error('the API calls itself not ready with a right clock');
  },
  accept: { mayRefuse: true },
});

const slightlyWrongApi: FaultCell = {
  moment: `APIs that are ${tolerableS} s ahead refuse no valid token`,
  needs: ['faketime'],
  async inject(scene) {
    const { apis } = scene.stack;
    for (const api of apis) await restart(api, tolerableS);
    const status = await scene.call(`/bootstrap/${scene.workspaceId}/status`);
    const lifecycle = await scene.setStatus('ACTIVE');
    for (const api of apis) await restart(api, 0);
    if (status.status !== 200 || lifecycle !== 204) throw new Error(`answered ${status.status} and ${lifecycle}`);
  },
  accept: { mayRefuse: true },
};

const wrongWorkers = (hours: number): FaultCell => ({
  moment: `a worker is ${Math.abs(hours)} hours ${hours > 0 ? 'ahead' : 'behind'}`,
  needs: ['faketime'],
  async inject(scene) {
    const [worker] = scene.stack.workers;
    await restart(worker, hours * hourS);
    await scene.untilPages((await scene.pages()) + 40);
    await worker.stop('SIGTERM');
  },
  accept: { refetched: onePageEach },
});

async function stepDatabase({ stack: { postgres } }: Scene, aheadS: number): Promise<void> {
  await postgres.stop('fast');
  await postgres.start(aheadS === 0 ? {} : shiftClock(aheadS));
}

const steppedDatabase = (hours: number): FaultCell => ({
  moment: `Postgres steps ${Math.abs(hours)} hour ${hours > 0 ? 'ahead' : 'back'}, and later back to normal`,
  needs: ['faketime'],
  async inject(scene) {
    await stepDatabase(scene, hours * hourS);
    const pages = await scene.pages();
    await scene.until(async () => (await scene.pages()) > pages + 10, 60_000);
    await stepDatabase(scene, 0);
    await sleep(500);
  },
  accept: { mayRefuse: true, refetched: onePageEach, recoveryMs: 20_000 },
});

/** Half a minute before clocks change, or a date does. */
const turns = {
  'summer time begins in New York': '2027-03-14T06:59:30Z',
  'summer time ends in New York': '2027-11-07T05:59:30Z',
  'summer time ends in Berlin': '2027-10-31T00:59:30Z',
  'a leap day begins': '2028-02-28T23:59:30Z',
  'a leap day ends': '2028-02-29T23:59:30Z',
  'a year ends': '2026-12-31T23:59:30Z',
};

const turn = ([name, at]: readonly [string, string]): FaultCell => ({
  moment: `${name} during a run`,
  needs: ['faketime'],
  begins: 'cold',
  stack: {
    get clockAheadS() {
      return Math.round((Date.parse(at) - Date.now()) / 1_000);
    },
    env: { TZ: name.includes('Berlin') ? 'Europe/Berlin' : 'America/New_York' },
  },
  async inject(scene) {
    await scene.install();
    await scene.untilPages(20);
  },
});

export const clockRows: readonly FaultRow[] = [
  { row: 40, fault: 'the clock of an API is wrong', cells: [wrongApi(2), wrongApi(-2), slightlyWrongApi] },
  { row: 41, fault: 'the clock of a worker is wrong', cells: [wrongWorkers(2), wrongWorkers(-2)] },
  { row: 42, fault: 'the clock of the database steps', cells: [steppedDatabase(1), steppedDatabase(-1)] },
  { row: 43, fault: 'dates and clocks change', cells: Object.entries(turns).map(turn) },
];
