import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultCell, FaultRow } from '../fault-row.ts';
import { killManyTimes } from './many-kills.ts';
import { holdAny, installUnder, misbehave, onePageEach, pickWorker, statements } from './steps.ts';

const { storePage, restartLoops, commit } = statements;

const kills: readonly FaultCell[] = [
  {
    moment: 'while fetching a page',
    isMixable: true,
    async inject(scene) {
      const { simulator } = scene.stack;
      const held = simulator.addFault(scene.workspaceId, { kind: 'latency', ms: 5_000, times: onePageEach });
      await scene.until(() => simulator.requests(scene.workspaceId).some(({ status }) => status === null));
      await pickWorker(scene).stop('SIGKILL');
      simulator.clearFaults(scene.workspaceId, held);
    },
    accept: { refetched: onePageEach },
  },
  {
    moment: 'after the fetch, before the commit',
    isMixable: true,
    async inject(scene) {
      const worker = pickWorker(scene);
      await worker.postgres.hold({ markers: [storePage], side: 'request' }, scene.over);
      await worker.stop('SIGKILL');
      worker.postgres.cut();
    },
    accept: { refetched: onePageEach },
  },
  {
    moment: 'after the commit, before the worker hears of it',
    isMixable: true,
    async inject(scene) {
      const worker = pickWorker(scene);
      await worker.postgres.hold({ markers: [storePage, commit], side: 'answer' }, scene.over);
      await worker.stop('SIGKILL');
      worker.postgres.cut();
    },
    accept: { refetched: onePageEach },
  },
  {
    moment: 'during the backoff after a failure',
    isMixable: true,
    async inject(scene) {
      const unavailable = { kind: 'status', status: 503, times: 3 * onePageEach } as const;
      await misbehave(scene, unavailable);
      await pickWorker(scene).stop('SIGKILL');
    },
    accept: { refetched: onePageEach },
  },
  {
    moment: 'as a kind of rows is about to be read once more',
    begins: 'cold',
    async inject(scene) {
      const { workers } = scene.stack;
      const moment = { markers: [restartLoops, commit], side: 'answer' } as const;
      const restarting = holdAny(scene, workers, 'postgres', moment);
      await installUnder(scene, { kind: 'rows-duplicated', operationId: 'getInvoices', rows: 2, times: 1 });
      const { owner } = await restarting;
      await owner.stop('SIGKILL');
      owner.postgres.cut();
    },
    // The two pages of invoices are read twice on purpose.
    accept: { refetched: 2 + onePageEach },
  },
];

const absenceMs = 20_000;

const bothWorkers: FaultCell = {
  moment: 'both, started again after the heartbeats ran out',
  isMixable: true,
  async inject(scene) {
    const { workers } = scene.stack;
    await Promise.all(workers.map((worker) => worker.stop('SIGKILL')));
    await sleep(absenceMs / 2);
    const answers = [await scene.setStatus('INACTIVE'), await scene.setStatus('ACTIVE')];
    if (answers.some((status) => status !== 204)) throw new Error(`lifecycle calls were answered ${answers.join()}`);
    await sleep(absenceMs / 2);
  },
  accept: { refetched: onePageEach, recoveryMs: 15_000 },
};

const suspended: FaultCell = {
  moment: 'mid-page, for longer than its heartbeats may be missing',
  isMixable: true,
  async inject(scene) {
    const { simulator } = scene.stack;
    const worker = pickWorker(scene);
    const held = simulator.addFault(scene.workspaceId, { kind: 'latency', ms: 2_000, times: onePageEach });
    await scene.until(() => simulator.requests(scene.workspaceId).some(({ status }) => status === null));
    worker.suspend();
    simulator.clearFaults(scene.workspaceId, held);
    await sleep(absenceMs);
    worker.resume();
  },
  accept: { refetched: onePageEach },
};

export const workerRows: readonly FaultRow[] = [
  { row: 1, fault: 'kill -9 of a worker', cells: [...kills, killManyTimes({ workers: 3, apis: 1 })] },
  { row: 2, fault: 'kill -9 of both workers', cells: [bothWorkers] },
  { row: 5, fault: 'a worker stands still', cells: [suspended] },
];
