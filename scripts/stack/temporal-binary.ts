import { delimiter, join } from 'node:path';
import { cacheDirectory, installBinaries, reports } from './binary-cache.ts';
import { goInstall } from './go-install.ts';
import { downloadTemporal } from './temporal-download.ts';

/** The newest release that `go install` accepts: later ones have a `replace` line in go.mod. It holds server 1.29.1. */
export const temporalVersion = '1.5.1';

export interface FindTemporalOptions {
  readonly log: (line: string) => void;
  readonly env?: NodeJS.ProcessEnv;
  readonly downloadOrigin?: string;
}

const reported = 'temporal version';

async function findWorking(candidates: readonly string[]): Promise<string | undefined> {
  for (const candidate of candidates) if (await reports(candidate, reported)) return candidate;
  return undefined;
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
  const directory = cacheDirectory(env, `temporal-${temporalVersion}`);
  const cached = join(directory, 'temporal');
  const onPath = (env['PATH'] ?? '').split(delimiter).map((folder) => join(folder, 'temporal'));
  const found = await findWorking([...onPath, cached]);
  if (found !== undefined) return found;

  const sources = {
    download: (into: string) => downloadTemporal({ origin: downloadOrigin, version: temporalVersion, into, log }),
    build: (into: string) =>
      goInstall({
        title: `the Temporal CLI ${temporalVersion}`,
        packages: [`github.com/temporalio/cli/cmd/temporal@v${temporalVersion}`],
        into,
        env,
        log,
      }),
  };
  const failures: string[] = [];
  for (const [name, produce] of Object.entries(sources)) {
    try {
      await installBinaries({ directory, versions: { temporal: reported } }, produce);
      return cached;
    } catch (error) {
      failures.push(`${name}: ${(error as Error).message}`);
      log(`Temporal CLI, ${name} failed: ${(error as Error).message}`);
    }
  }
  throw new Error(['The Temporal CLI was not found.', ...failures, advice(cached)].join('\n'));
}
