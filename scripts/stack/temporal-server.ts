import { execFile } from 'node:child_process';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { searchAttributes } from '../../src/domain/contract.ts';
import { findFreePort } from './free-port.ts';
import { spawnLeashed } from './leash.ts';
import type { LeashedProcess } from './leash.ts';

const run = promisify(execFile);

export interface TemporalOptions {
  /** The Temporal CLI, see `findTemporalBinary`. */
  readonly binary: string;
  /** Kept between starts; absent: a temporary one that goes with the server. */
  readonly dbFile?: string;
  /** Absent: any free one. */
  readonly port?: number;
  /** Absent: no Web UI. */
  readonly uiPort?: number;
  readonly logFile?: string;
  readonly log: (line: string) => void;
}

export interface TemporalServer {
  readonly address: string;
  readonly uiUrl: string | undefined;
  readonly pid: number;
  /** Resolves when the server has ended, for whatever reason. */
  readonly exited: LeashedProcess['exited'];
  stop(): Promise<void>;
  /** kill -9: what the server has acknowledged is in its file. */
  kill(): Promise<void>;
}

const startLimitMs = 60_000;
const mostStarts = 3;

// At its default of 20 polls a second an idle server holds every task back for up to 50 ms.
const dynamicConfig = {
  'history.transferProcessorMaxPollRPS': 1000,
  'history.timerProcessorMaxPollRPS': 1000,
  'matching.numTaskqueueReadPartitions': 1,
  'matching.numTaskqueueWritePartitions': 1,
};

function buildArguments(dbFile: string, port: number, uiPort: number | undefined): string[] {
  return [
    'server',
    'start-dev',
    '--ip=127.0.0.1',
    `--port=${port}`,
    `--db-filename=${dbFile}`,
    '--sqlite-pragma=journal_mode=wal',
    '--sqlite-pragma=synchronous=normal',
    uiPort === undefined ? '--headless' : `--ui-port=${uiPort}`,
    ...searchAttributes.map((name) => `--search-attribute=${name}=Keyword`),
    ...Object.entries(dynamicConfig).map(([key, value]) => `--dynamic-config-value=${key}=${value}`),
  ];
}

/** The health check answers before the namespace can be used, so the namespace itself is what is asked for. */
async function waitForNamespace(
  server: LeashedProcess,
  namespaceCommand: NamespaceCommand,
  logFile: string,
): Promise<void> {
  for (const until = Date.now() + startLimitMs; ; await sleep(50)) {
    if (!server.isRunning()) throw new EarlyExit(`Temporal does not start, see ${logFile}`);
    try {
      return await namespaceCommand('describe');
    } catch (error) {
      if (Date.now() > until) throw new Error(`Temporal does not answer, see ${logFile}`, { cause: error });
    }
  }
}

class EarlyExit extends Error {}

type NamespaceCommand = (verb: 'describe' | 'update', ...flags: string[]) => Promise<void>;

/**
 * Starts Temporal's development server on 127.0.0.1. It ends with this process, also after kill -9. Of the ports it
 * chooses for itself another process may take one first: then it is started anew.
 */
export async function startTemporal(options: TemporalOptions): Promise<TemporalServer> {
  for (let starts = 1; ; starts++) {
    try {
      return await startOnce(options);
    } catch (error) {
      if (!(error instanceof EarlyExit) || starts === mostStarts) throw error;
    }
  }
}

async function startOnce(options: TemporalOptions): Promise<TemporalServer> {
  const { binary, uiPort, log } = options;
  const dbFile = options.dbFile ?? join(await mkdtemp(join(tmpdir(), 'clockify-api-studio-temporal-')), 'temporal.db');
  const directory = dirname(dbFile);
  const logFile = options.logFile ?? join(directory, 'temporal.log');
  const port = options.port ?? (await findFreePort());
  const address = `127.0.0.1:${port}`;
  const env = { PATH: process.env['PATH'], HOME: process.env['HOME'] };
  const server = await spawnLeashed({
    command: binary,
    args: buildArguments(dbFile, port, uiPort),
    env,
    logFile,
    removeAfter: options.dbFile === undefined ? directory : undefined,
  });
  const namespaceCommand: NamespaceCommand = async (verb, ...flags) => {
    const args = ['operator', 'namespace', verb, '--namespace', 'default', '--address', address, ...flags];
    await run(binary, args, { env, timeout: 10_000 });
  };
  await waitForNamespace(server, namespaceCommand, logFile);
  await namespaceCommand('update', '--retention', '30d');
  log(`Temporal listens on ${address}`);
  return {
    address,
    uiUrl: uiPort === undefined ? undefined : `http://127.0.0.1:${uiPort}`,
    pid: server.pid,
    exited: server.exited,
    stop: () => server.stop('SIGTERM'),
    kill: () => server.stop('SIGKILL'),
  };
}
