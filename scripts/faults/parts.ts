import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import type { Simulator } from '../../simulator/simulator.ts';
import { findFreePort } from '../stack/free-port.ts';
import { startAddonProcess } from './addon-process.ts';
import type { AddonProcess } from './addon-process.ts';
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
}

export interface Ground {
  readonly directory: string;
  readonly simulator: Simulator;
  readonly postgres: PostgresEngine;
  readonly temporal: TemporalEngine;
  /** What turns the clocks of processes. */
  readonly clock: Readonly<Record<string, string>>;
}

/** Our own processes: two APIs behind one address, and two workers. */
export interface Parts {
  readonly front: FaultProxy;
  readonly baseUrl: string;
  readonly apis: readonly [AddonProcess, AddonProcess];
  readonly workers: readonly [AddonProcess, AddonProcess];
}

export async function startParts(ground: Ground, options: StackOptions, pageSize: number): Promise<Parts> {
  const { directory, simulator, postgres, temporal } = ground;
  const ports = await Promise.all([findFreePort(), findFreePort()]);
  const front = await startFaultProxy(ports);
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
    ...ground.clock,
    ...options.env,
  };
  const start = (name: string, port = 0): Promise<AddonProcess> =>
    startAddonProcess({
      name,
      entry: port === 0 ? (options.workerEntry ?? 'src/worker/main.ts') : 'src/api/main.ts',
      directory,
      port,
      ports: { postgres: postgres.port, temporal: temporal.port },
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
    start('api-1', ports[0]),
    start('api-2', ports[1]),
    start('worker-1'),
    start('worker-2'),
  ]);
  return { front, baseUrl, apis: [api1, api2], workers: [worker1, worker2] };
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
