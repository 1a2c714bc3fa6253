import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultCell, FaultRow } from '../fault-row.ts';
import { holdAny, onePageEach, statements } from './steps.ts';

const { storePage, commit } = statements;
const awayMs = 3_000;
/** Half-open connections, and statements that crawl, are watched for so long. */
const troubleMs = 15_000;

const outage = { mayRefuse: true, refetched: onePageEach } as const;

const stops = (mode: 'fast' | 'immediate'): readonly FaultCell[] => [
  {
    moment: 'idle',
    begins: 'cold',
    async inject(scene) {
      await scene.stack.postgres.stop(mode);
      await sleep(awayMs);
      await scene.stack.postgres.start();
      await scene.install();
    },
    accept: outage,
  },
  {
    moment: 'under load',
    isMixable: true,
    async inject({ stack: { postgres } }) {
      await postgres.stop(mode);
      await sleep(awayMs);
      await postgres.start();
    },
    accept: outage,
  },
  {
    moment: 'while a page is being committed',
    isMixable: true,
    async inject(scene) {
      const { postgres, workers } = scene.stack;
      const { held } = await holdAny(scene, workers, 'postgres', { markers: [storePage, commit], side: 'request' });
      await postgres.stop(mode);
      held.cut();
      await postgres.start();
    },
    accept: outage,
  },
];

const ourBackends = `from pg_stat_activity where application_name = 'clockify-api-studio'`;

const backends: readonly FaultCell[] = [
  {
    moment: 'kill -9 of one, which takes the others along',
    isMixable: true,
    async inject({ stack }) {
      const [backend] = await stack.rows<{ pid: number }>(`select pid ${ourBackends} limit 1`);
      if (backend !== undefined) process.kill(backend.pid, 'SIGKILL');
    },
    accept: outage,
  },
  {
    moment: 'all of them are terminated, three times',
    isMixable: true,
    async inject({ stack }) {
      for (let time = 0; time < 3; time++) {
        await stack.rows(`select pg_terminate_backend(pid) ${ourBackends}`);
        await sleep(1_000);
      }
    },
    accept: outage,
  },
];

const halfOpen: FaultCell = {
  moment: 'under load, every connection that there is',
  isMixable: true,
  async inject({ stack: { workers, apis } }) {
    for (const { postgres } of [...workers, ...apis]) postgres.freeze();
    await Promise.resolve();
  },
  accept: { ...outage, recoveryMs: 20_000 },
};

const slow: FaultCell = {
  moment: 'two seconds for each statement, under load',
  isMixable: true,
  async inject({ stack: { workers, apis } }) {
    for (const { postgres } of [...workers, ...apis]) postgres.setMode({ kind: 'slow', delayMs: 2_000 });
    await sleep(troubleMs);
  },
  accept: outage,
};

export const postgresRows: readonly FaultRow[] = [
  { row: 13, fault: 'Postgres stops and starts again', cells: stops('fast') },
  { row: 14, fault: 'Postgres is stopped without a checkpoint', cells: stops('immediate') },
  { row: 15, fault: 'backends die', cells: backends },
  { row: 16, fault: 'connections to Postgres are half open', cells: [halfOpen] },
  { row: 17, fault: 'Postgres is slow', cells: [slow] },
];
