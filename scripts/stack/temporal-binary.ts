import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { buildTemporal } from './temporal-build.ts';
import { downloadTemporal } from './temporal-download.ts';

const run = promisify(execFile);

/** The newest release that `go install` accepts: later ones have a `replace` line in go.mod. It holds server 1.29.1. */
export const temporalVersion = '1.5.1';

export interface FindTemporalOptions {
  readonly log: (line: string) => void;
  readonly env?: NodeJS.ProcessEnv;
  readonly downloadOrigin?: string;
}

async function works(binary: string): Promise<boolean> {
  try {
    const { stdout } = await run(binary, ['--version'], { timeout: 10_000 });
    return stdout.startsWith('temporal version');
  } catch {
    return false;
  }
}

async function findWorking(candidates: readonly string[]): Promise<string | undefined> {
  for (const candidate of candidates) if (await works(candidate)) return candidate;
  return undefined;
}

/** Lets `produce` write the binary beside its place and renames it, so nobody ever sees half of it. */
async function install(target: string, directory: string, produce: (into: string) => Promise<void>): Promise<void> {
  await mkdir(directory, { recursive: true });
  const draft = await mkdtemp(`${directory}.draft-`);
  try {
    await produce(draft);
    const binary = join(draft, 'temporal');
    await chmod(binary, 0o755);
    if (!(await works(binary))) throw new Error('the binary does not run on this machine');
    await rename(binary, target);
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
}

const advice = (cached: string): string =>
  [
    'There are three ways to get it:',
    '- install the Temporal CLI so that `temporal` is on PATH (https://docs.temporal.io/cli)',
    `- put its binary at ${cached}`,
    `- install Go 1.25 or newer and start again: the CLI is then built from source (some minutes, once)`,
    'Or set TEMPORAL_ADDRESS to a server that already runs.',
  ].join('\n');

/**
 * The path of a working Temporal CLI, which holds the development server: from PATH, else from the user's cache
 * folder, else downloaded into it, else built into it with Go.
 */
export async function findTemporalBinary(options: FindTemporalOptions): Promise<string> {
  const { log, env = process.env, downloadOrigin = 'https://temporal.download' } = options;
  const cacheHome = env['XDG_CACHE_HOME'] || join(homedir(), '.cache');
  const directory = join(cacheHome, 'clockify-api-studio', `temporal-${temporalVersion}`);
  const cached = join(directory, 'temporal');
  const onPath = (env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'temporal'));
  const found = await findWorking([...onPath, cached]);
  if (found !== undefined) return found;

  const sources = {
    download: (into: string) => downloadTemporal({ origin: downloadOrigin, version: temporalVersion, into, log }),
    build: (into: string) => buildTemporal({ version: temporalVersion, into, env, log }),
  };
  const failures: string[] = [];
  for (const [name, produce] of Object.entries(sources)) {
    try {
      await install(cached, directory, produce);
      return cached;
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message}`);
      log(`Temporal CLI, ${name} failed: ${(error as Error).message}`);
    }
  }
  throw new Error(['The Temporal CLI was not found.', ...failures, advice(cached)].join('\n'));
}
