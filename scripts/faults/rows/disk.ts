import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { FaultCell, FaultRow } from '../fault-row.ts';
import { fill, mountSmall, unmount } from '../small-disk.ts';
import type { Stack } from '../stack.ts';
import { isOver, onePageEach } from './steps.ts';

const fullMs = 8_000;
const dataMiB = 48;
const tables = ['workspace_data', 'bootstrap_pages', 'bootstrap_loops'];

async function moveTables(stack: Stack, tablespace: string): Promise<void> {
  for (const table of tables) await stack.rows(`alter table ${table} set tablespace ${tablespace}`);
}

const dataFull: FaultCell = {
  moment: 'of the data, in the middle of a run',
  needs: ['mount'],
  begins: 'cold',
  async inject(scene) {
    const { stack } = scene;
    const directory = join(stack.directory, `space-${scene.workspaceId}`);
    await mountSmall(directory, dataMiB);
    await stack.rows(`create tablespace small location '${directory}'`);
    try {
      await moveTables(stack, 'small');
      await scene.install();
      await scene.untilPages(20);
      const ballast = await fill(directory);
      await sleep(fullMs);
      await rm(ballast);
      await scene.until(() => isOver(scene), 90_000);
    } finally {
      await moveTables(stack, 'pg_default');
      await stack.rows('drop tablespace small');
      await unmount(directory);
    }
  },
  accept: { mayRefuse: true, refetched: onePageEach * 4 },
};

const logFull: FaultCell = {
  moment: "of a worker's log",
  needs: ['mount'],
  begins: 'cold',
  async inject(scene) {
    const [worker] = scene.stack.workers;
    const directory = join(scene.stack.directory, `log-${scene.workspaceId}`);
    await mountSmall(directory, 1);
    try {
      await worker.stop('SIGTERM');
      await worker.start({ logFile: join(directory, 'worker.log') });
      await fill(directory);
      await scene.install();
      await scene.until(() => isOver(scene), 90_000);
      if (!worker.isRunning()) throw new Error('the worker died of its log');
    } finally {
      await worker.stop('SIGTERM');
      await unmount(directory);
    }
  },
};

export const diskRows: readonly FaultRow[] = [
  { row: 21, fault: 'the disk is full', cells: [dataFull] },
  { row: 23, fault: 'the disk is full', cells: [logFull] },
];
