import { execFile } from 'node:child_process';
import { cp, rename, rm, symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import type { FaultCell, FaultRow } from '../fault-row.ts';
import { fill, mountSmall, unmount } from '../small-disk.ts';
import type { Stack } from '../stack.ts';
import { isOver, onePageEach } from './steps.ts';

const run = promisify(execFile);
const walMiB = 160;

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

export const walRows: readonly FaultRow[] = [{ row: 22, fault: 'the disk is full', cells: [walFull] }];
