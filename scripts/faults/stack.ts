import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import pg from 'pg';
import { createSimulator } from '../../simulator/simulator.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { createTemporalClient } from '../../src/api/temporal.ts';
import { migrateFrom } from './checkout.ts';
import { shiftClock } from './fake-time.ts';
import { findFreePort } from '../stack/free-port.ts';
import { startAddonProcess } from './addon-process.ts';
import type { AddonProcess } from './addon-process.ts';
import { startPostgresEngine, startTemporalEngine } from './engines.ts';
import type { PostgresEngine, TemporalEngine } from './engines.ts';
import { startFaultProxy } from './fault-proxy.ts';
import type { FaultProxy } from './fault-proxy.ts';

/** How a stack differs from the usual one. */
export interface StackOptions {
  /** What all APIs and workers get besides. */
  readonly env?: Readonly<Record<string, string>>;
  /** Instead of the usual one. */
  readonly workerEntry?: string;
  /** Seconds that all wall clocks but Temporal's are ahead. */
  readonly clockAheadS?: number;
  /** The checkout that the processes run from. */
  readonly root?: string;
}

/** Two APIs behind one address, two workers, and everything they need, each a process of its own; proxies in between. */
export interface Stack {
  readonly options: StackOptions | undefined;
  readonly directory: string;
  readonly baseUrl: string;
  readonly simulator: Simulator;
  readonly postgres: PostgresEngine;
  readonly temporal: TemporalEngine;
  readonly apis: readonly [AddonProcess, AddonProcess];
  readonly workers: readonly [AddonProcess, AddonProcess];
  readonly front: FaultProxy;
  /** As superuser, past every proxy. */
  rows<Row extends object>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** Past every proxy. */
  readonly client: Client;
  /** Lifts every fault: all parts run and every way is open. */
  heal(): Promise<void>;
  stop(options?: { readonly keepFiles: boolean }): Promise<void>;
}

/** Starts everything and resolves once it works. */
export async function startStack(options: StackOptions | undefined, pageSize: number): Promise<Stack> {
  const aheadS = options?.clockAheadS ?? 0;
  const clock = aheadS === 0 ? {} : shiftClock(aheadS);
  const directory = await mkdtemp(join(tmpdir(), 'clockify-api-studio-faults-'));
  // Run as root, Postgres is another user and must be able to enter.
  await chmod(directory, 0o755);
  const [postgres, temporal, simulator, firstPort, secondPort] = await Promise.all([
    startPostgresEngine(directory, clock),
    startTemporalEngine(directory),
    createSimulator({ latencyMs: 5, now: () => Date.now() + aheadS * 1_000 }),
    findFreePort(),
    findFreePort(),
  ]);
  await migrateFrom(postgres.url('clockify_addon'), options?.root);
  const front = await startFaultProxy([firstPort, secondPort]);
  const baseUrl = `http://127.0.0.1:${front.port}`;
  const shared = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    BASE_URL: baseUrl,
    ADDON_KEY: 'clockify-api-studio',
    HOST: '127.0.0.1',
    TOKEN_ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    CLOCKIFY_PUBLIC_KEYS: simulator.publicKeyPem,
    CLOCKIFY_ALLOWED_API_DOMAINS: simulator.url,
    BOOTSTRAP_PAGE_SIZE: String(pageSize),
    ...clock,
    ...options?.env,
  };
  const ports = { postgres: postgres.port, temporal: temporal.port };
  const startPart = (name: string, port = 0): Promise<AddonProcess> =>
    startAddonProcess({
      name,
      entry: port === 0 ? (options?.workerEntry ?? 'src/worker/main.ts') : 'src/api/main.ts',
      directory,
      ...(options?.root !== undefined && { root: options.root }),
      port,
      ports,
      buildEnv: (proxies) => ({
        ...shared,
        PORT: String(port),
        SPOOL_DIRECTORY: join(directory, `spool-${name}`),
        DATABASE_URL: withPort(postgres.url('clockify_addon'), proxies.postgres),
        TEMPORAL_ADDRESS: `127.0.0.1:${proxies.temporal}`,
      }),
      isUp: (log) => (port === 0 ? log.includes('worker started') : answers(port)),
    });
  const [api1, api2, worker1, worker2] = await Promise.all([
    startPart('api-1', firstPort),
    startPart('api-2', secondPort),
    startPart('worker-1'),
    startPart('worker-2'),
  ]);
  const apis = [api1, api2] as const;
  const workers = [worker1, worker2] as const;
  const processes = [...apis, ...workers];
  const admin = new pg.Pool({ connectionString: postgres.url(), connectionTimeoutMillis: 5_000 });
  // A server that is stopped ends idle connections; the next query opens a new one.
  admin.on('error', () => {});
  const client = createTemporalClient({ address: `127.0.0.1:${temporal.port}`, namespace: 'default' });

  return {
    options,
    directory,
    baseUrl,
    simulator,
    postgres,
    temporal,
    apis,
    workers,
    front,
    client,
    rows: async <Row extends object>(sql: string, parameters: readonly unknown[] = []) =>
      (await admin.query<Row>(sql, [...parameters])).rows,
    async heal() {
      for (const { postgres: database, temporal: server } of processes) {
        database.setMode({ kind: 'open' });
        server.setMode({ kind: 'open' });
      }
      front.setMode({ kind: 'open' });
      await Promise.all([postgres.start(), temporal.start()]);
      for (const part of processes) part.resume();
      await Promise.all(processes.map((part) => part.start()));
    },
    async stop({ keepFiles } = { keepFiles: false }) {
      await Promise.all(processes.map((part) => part.close()));
      await Promise.all([admin.end(), client.connection.close(), front.close(), simulator.close()]);
      await Promise.all([temporal.stop('kill'), postgres.stop('immediate')]);
      if (!keepFiles) await rm(directory, { recursive: true, force: true });
    },
  };
}

function withPort(url: string, port: number): string {
  const changed = new URL(url);
  changed.port = String(port);
  return changed.href;
}

async function answers(port: number): Promise<boolean> {
  const response = await fetch(`http://127.0.0.1:${port}/health`, { signal: AbortSignal.timeout(2_000) }).catch(
    () => null,
  );
  return response?.status === 200;
}
