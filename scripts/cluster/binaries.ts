import { join } from 'node:path';
import { cacheDirectory, installBinaries, isInstalled } from '../stack/binary-cache.ts';
import type { BinarySet } from '../stack/binary-cache.ts';
import { goInstall } from '../stack/go-install.ts';

/** The server that the newest CLI installable with Go holds: the demo behaves alike with either. */
const serverVersion = '1.29.1';
const uiVersion = '2.42.1';

export interface ClusterBinaries {
  readonly server: string;
  /** Temporal's tool that writes its schema into a SQL database. */
  readonly schemaTool: string;
  readonly ui: string;
}

export interface FindOptions {
  readonly env?: NodeJS.ProcessEnv;
  readonly log: (line: string) => void;
}

interface Source extends BinarySet {
  readonly title: string;
  readonly packages: readonly string[];
}

async function ensureBuilt({ title, packages, ...set }: Source, env: NodeJS.ProcessEnv, log: FindOptions['log']) {
  if (await isInstalled(set)) return;
  await installBinaries(set, (into) => goInstall({ title, packages, into, env, log }));
}

/**
 * Temporal's own server and Web UI, from the user's cache folder, else built into it with Go. Both programs are named
 * `server`, so each has a folder of its own. Throws when Go is missing or older than 1.25.
 */
export async function findClusterBinaries({ env = process.env, log }: FindOptions): Promise<ClusterBinaries> {
  const server: Source = {
    title: `Temporal's server ${serverVersion}`,
    directory: cacheDirectory(env, `temporal-server-${serverVersion}`),
    versions: { server: `temporal version ${serverVersion}`, sql: `temporal-sql-tool version ${serverVersion}` },
    packages: ['server', 'tools/sql'].map((path) => `go.temporal.io/server/cmd/${path}@v${serverVersion}`),
  };
  const ui: Source = {
    title: `Temporal's Web UI ${uiVersion}`,
    directory: cacheDirectory(env, `temporal-ui-${uiVersion}`),
    versions: { server: `Temporal UI version ${uiVersion}` },
    packages: [`github.com/temporalio/ui-server/v2/cmd/server@v${uiVersion}`],
  };
  await ensureBuilt(server, env, log);
  await ensureBuilt(ui, env, log);
  return {
    server: join(server.directory, 'server'),
    schemaTool: join(server.directory, 'sql'),
    ui: join(ui.directory, 'server'),
  };
}
