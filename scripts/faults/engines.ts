import { join } from 'node:path';
import { ensureDatabase } from '../stack/ensure-database.ts';
import { findFreePort } from '../stack/free-port.ts';
import { startPostgres } from '../stack/postgres.ts';
import type { PostgresServer } from '../stack/postgres.ts';
import { findTemporalBinary } from '../stack/temporal-binary.ts';
import { startTemporal } from '../stack/temporal-server.ts';
import type { TemporalServer } from '../stack/temporal-server.ts';
import { createTurns } from './turns.ts';

const database = 'addon';
const silent = (): void => {};

/**
 * A server that can be stopped in several ways, and started again on the same port and files. Orders take turns, and one
 * that finds it done already does nothing.
 */
interface Engine<Mode extends string> {
  readonly port: number;
  readonly pid: number;
  stop(mode: Mode): Promise<void>;
  start(env?: Readonly<Record<string, string>>): Promise<void>;
}

export interface PostgresEngine extends Engine<'fast' | 'immediate' | 'kill'> {
  /** Where the cluster lies. */
  readonly directory: string;
  /** Straight to the server, past every proxy. As superuser unless told otherwise. */
  url(role?: 'postgres' | 'clockify_addon'): string;
}

interface Server {
  readonly pid: number;
}

function createEngine<Running extends Server, Mode extends string>(
  port: number,
  launch: (env: Readonly<Record<string, string>>) => Promise<Running>,
  halt: (running: Running, mode: Mode) => Promise<void>,
) {
  const turns = createTurns();
  let latest: Running | undefined;
  let isRunning = false;
  return {
    port,
    get pid() {
      return latest?.pid ?? 0;
    },
    start: (env: Readonly<Record<string, string>> = {}) =>
      turns.take(async () => {
        if (isRunning) return;
        latest = await launch(env);
        isRunning = true;
      }),
    stop: (mode: Mode) =>
      turns.take(async () => {
        if (!isRunning || latest === undefined) return;
        isRunning = false;
        await halt(latest, mode);
      }),
  };
}

/** Postgres that keeps what it acknowledged: fsync, synchronous commit and full page writes are on. */
export async function startPostgresEngine(
  directory: string,
  usualEnv: Readonly<Record<string, string>>,
): Promise<PostgresEngine> {
  const dataDir = join(directory, 'postgres');
  const port = await findFreePort();
  let server: PostgresServer | undefined;
  const url: PostgresServer['url'] = (name, role) => server?.url(name, role) ?? '';
  const engine = createEngine<PostgresServer, 'fast' | 'immediate' | 'kill'>(
    port,
    async (env) => {
      server = await startPostgres({ dataDir, port, durable: true, env: { ...usualEnv, ...env }, log: silent });
      return server;
    },
    (running, mode) => running.stop(mode),
  );
  await engine.start();
  await ensureDatabase({ url }, database);
  return Object.assign(engine, {
    directory: join(dataDir, 'data'),
    url: (role?: 'postgres' | 'clockify_addon') => url(database, role),
  });
}

export type TemporalEngine = Engine<'stop' | 'kill'>;

export async function startTemporalEngine(directory: string): Promise<TemporalEngine> {
  const [binary, port] = await Promise.all([findTemporalBinary({ log: silent }), findFreePort()]);
  const dbFile = join(directory, 'temporal.db');
  const engine = createEngine<TemporalServer, 'stop' | 'kill'>(
    port,
    () => startTemporal({ binary, dbFile, port, log: silent }),
    (server, mode) => (mode === 'kill' ? server.kill() : server.stop()),
  );
  await engine.start();
  return engine;
}
