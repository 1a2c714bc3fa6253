import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A file system of limited size in memory, that Postgres may write to. */
export async function mountSmall(directory: string, mebibytes: number): Promise<void> {
  await mkdir(directory);
  await run('mount', ['-t', 'tmpfs', '-o', `size=${mebibytes}m`, 'tmpfs', directory]);
  await run('chown', ['postgres', directory]);
  await run('chmod', ['700', directory]);
}

export const unmount = (directory: string): Promise<unknown> => run('umount', ['-l', directory]);

/** Takes all space that is left; the file is the ballast that gives it back. */
export async function fill(directory: string): Promise<string> {
  const ballast = join(directory, 'ballast');
  await run('dd', ['if=/dev/zero', `of=${ballast}`, 'bs=4096']).catch(() => null);
  return ballast;
}
