import { join } from 'node:path';
import { ensureDatabase } from '../stack/ensure-database.ts';
import { findFreePort } from '../stack/free-port.ts';
import { startPostgres } from '../stack/postgres.ts';
import type { PostgresServer } from '../stack/postgres.ts';
import { findTemporalBinary } from '../stack/temporal-binary.ts';
import { startTemporal } from '../stack/temporal-server.ts';
import type { TemporalServer } from '../stack/temporal-server.ts';

const database = 'addon';
const silent = (): void => {};

/** A server that can be stopped in several ways, and started again on the same port and files. */
export interface Engine<Mode extends string> {
  readonly port: number;
  readonly pid: number;
  stop(mode: Mode): Promise<void>;
  start(): Promise<void>;
  isRunning(): boolean;
}

export interface PostgresEngine extends Engine<'fast' | 'immediate' | 'kill'> {
  /** Straight to the server, past every proxy. As superuser unless told otherwise. */
  url(role?: 'postgres' | 'clockify_addon'): string;
}

/** Postgres that keeps what it acknowledged: fsync, synchronous commit and full page writes are on. */
export async function startPostgresEngine(directory: string): Promise<PostgresEngine> {
  const port = await findFreePort();
  let running = false;
  let server: PostgresServer;
  async function start(): Promise<void> {
    server = await startPostgres({ dataDir: join(directory, 'postgres'), port, durable: true, log: silent });
    running = true;
  }
  await start();
  await ensureDatabase({ url: (name, role) => server.url(name, role) }, database);
  return {
    port,
    get pid() {
      return server.pid;
    },
    url: (role) => server.url(database, role),
    isRunning: () => running,
    start,
    async stop(mode) {
      running = false;
      await server.stop(mode);
    },
  };
}

export type TemporalEngine = Engine<'stop' | 'kill'>;

export async function startTemporalEngine(directory: string): Promise<TemporalEngine> {
  const [binary, port] = await Promise.all([findTemporalBinary({ log: silent }), findFreePort()]);
  let running = false;
  let server: TemporalServer;
  async function start(): Promise<void> {
    server = await startTemporal({ binary, dbFile: join(directory, 'temporal.db'), port, log: silent });
    running = true;
  }
  await start();
  return {
    port,
    get pid() {
      return server.pid;
    },
    isRunning: () => running,
    start,
    async stop(mode) {
      running = false;
      await (mode === 'kill' ? server.kill() : server.stop());
    },
  };
}
