import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnLeashed } from '../stack/leash.ts';
import type { LeashedProcess } from '../stack/leash.ts';
import { startFaultProxy } from './fault-proxy.ts';
import type { FaultProxy } from './fault-proxy.ts';
import { createTurns } from './turns.ts';

const thisCheckout = join(import.meta.dirname, '../..');
const startLimitMs = 180_000;

/** How one start differs from the others. */
interface StartChanges {
  readonly env?: Readonly<Record<string, string>>;
  /** Flags of Node. */
  readonly flags?: readonly string[];
  /** Open files the process may have. */
  readonly openFiles?: number;
  /** Instead of the usual one. */
  readonly logFile?: string;
  /** Another checkout to run from: an older or newer build. */
  readonly root?: string;
  /** A command that runs the process in another setting. */
  readonly prefix?: readonly string[];
}

export interface AddonProcessOptions {
  readonly name: string;
  /** Below the checkout. */
  readonly entry: string;
  readonly directory: string;
  /** Where it listens; 0: it does not. */
  readonly port: number;
  /** The ports that the proxies of this process lead to. */
  readonly ports: { readonly postgres: number; readonly temporal: number };
  /** The environment, given the ports of its own two proxies. */
  readonly buildEnv: (proxies: { readonly postgres: number; readonly temporal: number }) => NodeJS.ProcessEnv;
  /** Resolves to true once the process works; `log` is what it wrote since its start. */
  readonly isUp: (log: string) => Promise<boolean> | boolean;
}

/** An API or a worker, with proxies of its own before Postgres and Temporal, so that a fault can strike it alone. */
export interface AddonProcess {
  readonly name: string;
  readonly port: number;
  readonly postgres: FaultProxy;
  readonly temporal: FaultProxy;
  readonly pid: number;
  isRunning(): boolean;
  /** Does nothing when it runs. */
  start(changes?: StartChanges): Promise<void>;
  /** Sends the signal and waits for the end. */
  stop(signal: 'SIGKILL' | 'SIGTERM'): Promise<void>;
  /** SIGSTOP: it stands still, with its connections open. */
  suspend(): void;
  resume(): void;
  readLog(): Promise<string>;
  close(): Promise<void>;
}

/** Makes the process and starts it. */
export async function startAddonProcess(options: AddonProcessOptions): Promise<AddonProcess> {
  const { name, entry, directory, ports } = options;
  const [postgres, temporal] = await Promise.all([
    startFaultProxy([ports.postgres]),
    startFaultProxy([ports.temporal]),
  ]);
  const usualLog = join(directory, `${name}.log`);
  const readLog = (path = usualLog): Promise<string> => readFile(path, 'utf8').catch(() => '');
  const turns = createTurns();
  let running: LeashedProcess | undefined;

  async function launch(changes: StartChanges): Promise<void> {
    if (running?.isRunning() === true) return;
    const env = { ...options.buildEnv({ postgres: postgres.port, temporal: temporal.port }), ...changes.env };
    const { logFile = usualLog } = changes;
    const written = (await readLog(logFile)).length;
    const command = buildCommand(entry, changes);
    running = await spawnLeashed({ ...command, env, logFile });
    for (const until = Date.now() + startLimitMs; ; await sleep(50)) {
      if (await options.isUp((await readLog(logFile)).slice(written))) return;
      if (!running.isRunning()) throw new Error(`${name} does not start, see ${logFile}`);
      if (Date.now() > until) throw new Error(`${name} does not come up, see ${logFile}`);
    }
  }
  const start = (changes: StartChanges = {}): Promise<void> => turns.take(() => launch(changes));
  const signal = (which: NodeJS.Signals): void => {
    if (running?.isRunning() === true) process.kill(running.pid, which);
  };
  await start();

  return {
    name,
    port: options.port,
    postgres,
    temporal,
    get pid() {
      return running?.pid ?? 0;
    },
    isRunning: () => running?.isRunning() === true,
    start,
    stop: async (how) => running?.stop(how, 45_000),
    suspend: () => signal('SIGSTOP'),
    resume: () => signal('SIGCONT'),
    readLog: () => readLog(),
    async close() {
      await running?.stop('SIGKILL');
      await Promise.all([postgres.close(), temporal.close()]);
    },
  };
}

function buildCommand(entry: string, { flags = [], openFiles, root = thisCheckout, prefix = [] }: StartChanges) {
  const node = [process.execPath, '--disable-warning=ExperimentalWarning', ...flags, join(root, entry)];
  const limit = openFiles === undefined ? [] : ['/bin/sh', '-c', `ulimit -n ${openFiles}; exec "$@"`, 'sh'];
  const [command = '', ...args] = [...prefix, ...limit, ...node];
  return { command, args, cwd: root };
}
