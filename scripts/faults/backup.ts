import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Stack } from './stack.ts';

const run = promisify(execFile);

/** With the owner and the rights that Postgres asks for. */
const copyFiles = (from: string, to: string): Promise<unknown> => run('cp', ['--archive', from, to]);

/** Copies the files of the stopped cluster, and starts it again. Answers where the copy lies. */
export async function takeBackup({ postgres, directory }: Stack, name: string): Promise<string> {
  const backup = join(directory, `backup-${name}`);
  await postgres.stop('fast');
  await copyFiles(postgres.directory, backup);
  await postgres.start();
  return backup;
}

/** Puts the copy into the place of the cluster: what was stored since is gone. */
export async function restoreBackup({ postgres }: Stack, backup: string): Promise<void> {
  await postgres.stop('fast');
  await rm(postgres.directory, { recursive: true });
  await copyFiles(backup, postgres.directory);
  await rm(backup, { recursive: true });
  await postgres.start();
}
