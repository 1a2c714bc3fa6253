import { execFile } from 'node:child_process';
import { cp, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { FaultCell, FaultRow } from '../fault-row.ts';
import type { Scene } from '../scene.ts';
import type { Stack } from '../stack.ts';
import { isOver, onePageEach } from './steps.ts';

const run = promisify(execFile);
const fullMs = 8_000;
const dataMiB = 48;
const walMiB = 160;
const tables = ['workspace_data', 'bootstrap_pages', 'bootstrap_loops'];

/** A file system of limited size in memory, that Postgres may write to. */
async function mountSmall(directory: string, mebibytes: number): Promise<void> {
  await mkdir(directory);
  await run('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', directory]);
  await run('chown', ['postgres', directory]);
  await run('chmod', ['700', directory]);
}

const unmount = (directory: string): Promise<unknown> => run('umount', ['-l', directory]);

/** Takes all space that is left; the file is the ballast that gives it back. */
async function fill(directory: string): Promise<string> {
  const ballast = join(directory, 'ballast');
  await run('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=4096']).catch(() => null);
  return ballast;
}

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

/** Moves the write-ahead log of a stopped server. */
async function moveWal(from: string, to: string): Promise<void> {
  await cp(from, to, { recursive: true });
  await run('chown', ['-R', 'postgres', to]);
}

/** Writes until the disk of the log is full, and the server ends itself. */
async function writeUntilDead(stack: Stack): Promise<void> {
  await stack.rows('create table if not exists ballast (filler text)');
  for (let time = 0; time < 100; time++) {
    const isAlive = await stack
      .rows(`insert into ballast select repeat('x', 1000) from generate_series(1, 10000)`)
      .then(
        () => true,
        () => false,
      );
    if (!isAlive) return;
  }
  throw new Error('the disk of the write-ahead log did not fill');
}

const walFull: FaultCell = {
  moment: 'of the write-ahead log, which ends the server',
  needs: ['mount'],
  begins: 'cold',
  async inject(scene) {
    const { stack } = scene;
    const { postgres } = stack;
    const wal = join(postgres.directory, 'pg_wal');
    const kept = join(postgres.directory, 'pg_wal.kept');
    const directory = join(stack.directory, `wal-${scene.workspaceId}`);
    await mountSmall(directory, walMiB);
    await postgres.stop('fast');
    await moveWal(wal, join(directory, 'wal'));
    await rename(wal, kept);
    await symlink(join(directory, 'wal'), wal);
    await postgres.start();
    try {
      await scene.install();
      await scene.untilPages(20);
      const ballast = await fill(directory);
      await writeUntilDead(stack);
      await sleep(2_000);
      await rm(ballast);
      await postgres.stop('kill');
      await postgres.start();
      await stack.rows('drop table ballast');
      await scene.until(() => isOver(scene), 90_000);
    } finally {
      await postgres.stop('fast');
      await rm(wal);
      await moveWal(join(directory, 'wal'), wal);
      await rm(kept, { recursive: true });
      await unmount(directory);
      await postgres.start();
    }
  },
  accept: { mayRefuse: true, refetched: onePageEach * 4 },
};

const logFull: FaultCell = {
  moment: "of a worker's log",
  needs: ['mount'],
  begins: 'cold',
  async inject(scene: Scene) {
    const [worker] = scene.stack.workers;
    const directory = join(scene.stack.directory, `log-${scene.workspaceId}`);
    await mountSmall(directory, 1);
    try {
      await worker.stop('SIGTERM');
      await worker.start({ logFile: join(directory, 'worker.log') });
      await writeFile(join(directory, 'ballast'), '');
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
  { row: 22, fault: 'the disk is full', cells: [walFull] },
  { row: 23, fault: 'the disk is full', cells: [logFull] },
];
