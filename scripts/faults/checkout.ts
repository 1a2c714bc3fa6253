import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const thisCheckout = join(import.meta.dirname, '../..');

/** Brings the database to the schema of a checkout; of this one without. */
export async function migrateFrom(databaseUrl: string, root = thisCheckout): Promise<void> {
  const env = { PATH: process.env['PATH'], DATABASE_URL: databaseUrl };
  await run(process.execPath, [join(root, 'src/db/migrate.ts')], { cwd: root, env });
}

async function git(...args: string[]): Promise<string> {
  const { stdout } = await run('git', args, { cwd: thisCheckout, maxBuffer: 256 * 1024 * 1024 });
  return stdout.trim();
}

/** The commit before the last one that changed workflows: a build that a deploy would replace. */
export const findPreviousBuild = (): Promise<string> =>
  git('rev-list', '-1', '--skip=1', 'HEAD', '--', 'src/workflows');

/** The files of a commit in a directory of their own, with the packages of this checkout. */
export async function checkOut(commit: string): Promise<string> {
  const directory = join(tmpdir(), `clockify-api-studio-build-${commit.slice(0, 12)}`);
  if (existsSync(join(directory, 'node_modules'))) return directory;
  await mkdir(directory, { recursive: true });
  await run('/bin/sh', ['-c', `git archive ${commit} | tar -x -C ${directory}`], { cwd: thisCheckout });
  await symlink(join(thisCheckout, 'node_modules'), join(directory, 'node_modules'));
  return directory;
}
