import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Programs that are kept in one folder between starts. */
export interface BinarySet {
  readonly directory: string;
  /** Each by its file's name, with what its `--version` begins with. */
  readonly versions: Readonly<Record<string, string>>;
}

/** The folder of that name below the user's cache folder. */
export const cacheDirectory = (env: NodeJS.ProcessEnv, name: string): string =>
  join(env['XDG_CACHE_HOME'] || join(homedir(), '.cache'), 'clockify-api-studio', name);

/** Whether the program runs on this machine and is the one meant. */
export async function reports(binary: string, version: string): Promise<boolean> {
  try {
    const { stdout } = await run(binary, ['--version'], { timeout: 10_000 });
    return stdout.startsWith(version);
  } catch {
    return false;
  }
}

/** Whether all of them are there and run. */
export async function isInstalled({ directory, versions }: BinarySet): Promise<boolean> {
  for (const [name, version] of Object.entries(versions)) {
    if (!(await reports(join(directory, name), version))) return false;
  }
  return true;
}

/** Lets `produce` write the programs beside their place and renames them, so nobody ever sees half of one. */
export async function installBinaries(set: BinarySet, produce: (into: string) => Promise<void>): Promise<void> {
  await mkdir(set.directory, { recursive: true });
  const draft = await mkdtemp(`${set.directory}.draft-`);
  const names = Object.keys(set.versions);
  try {
    await produce(draft);
    for (const name of names) await chmod(join(draft, name), 0o755);
    if (!(await isInstalled({ ...set, directory: draft }))) throw new Error('the binary does not run on this machine');
    for (const name of names) await rename(join(draft, name), join(set.directory, name));
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}
