import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import pg from 'pg';
import { createSimulator } from '../../simulator/simulator.ts';
import { createTemporalClient } from '../../src/api/temporal.ts';
import { migrate } from '../../src/db/migrate.ts';
import { startPostgresEngine, startTemporalEngine } from './engines.ts';
import { shiftClock } from './fake-time.ts';
import { startParts } from './parts.ts';
import type { Ground, Parts, StackOptions } from './parts.ts';

/** Two APIs behind one address, two workers, and everything they need, each a process of its own; proxies in between. */
export interface Stack extends Ground, Parts {
  readonly options: StackOptions | undefined;
  /** As superuser, past every proxy. */
  rows<Row extends object>(sql: string, parameters?: readonly unknown[]): Promise<Row[]>;
  /** Past every proxy. */
  readonly client: Client;
  /** Lifts every fault: all parts run and every way is open. */
  heal(): Promise<void>;
  stop(options?: { readonly keepFiles: boolean }): Promise<void>;
}

async function layGround({ clockAheadS = 0 }: StackOptions): Promise<Ground> {
  const clock = clockAheadS === 0 ? {} : shiftClock(clockAheadS);
  const directory = await mkdtemp(join(tmpdir(), 'clockify-api-studio-faults-'));
  // Run as root, Postgres is another user and must be able to enter.
  await chmod(directory, 0o755);
  const [postgres, temporal, simulator] = await Promise.all([
    startPostgresEngine(directory, clock),
    startTemporalEngine(directory),
    createSimulator({ latencyMs: 5, now: () => Date.now() + clockAheadS * 1_000 }),
  ]);
  await migrate(postgres.url('clockify_addon'));
  return { directory, simulator, postgres, temporal, clock };
}

async function healParts({ postgres, temporal }: Ground, { apis, workers, front }: Parts): Promise<void> {
  const processes = [...apis, ...workers];
  const proxies = [front, ...processes.flatMap((part) => [part.postgres, part.temporal])];
  for (const proxy of proxies) proxy.setMode({ kind: 'open' });
  await Promise.all([postgres.start(), temporal.start()]);
  for (const part of processes) part.resume();
  await Promise.all(processes.map((part) => part.start()));
}

/** Starts everything and resolves once it works. */
export async function startStack(options: StackOptions | undefined, pageSize: number): Promise<Stack> {
  const ground = await layGround(options ?? {});
  const { directory, simulator, postgres, temporal } = ground;
  const parts = await startParts(ground, options ?? {}, pageSize);
  const admin = new pg.Pool({ connectionString: postgres.url(), connectionTimeoutMillis: 5_000 });
  // A server that is stopped ends idle connections; the next query opens a new one.
  admin.on('error', () => {});
  const client = createTemporalClient({ address: `127.0.0.1:${temporal.port}`, namespace: 'default' });
  return {
    ...ground,
    ...parts,
    options,
    client,
    rows: async <Row extends object>(sql: string, parameters: readonly unknown[] = []) =>
      (await admin.query<Row>(sql, [...parameters])).rows,
    heal: () => healParts(ground, parts),
    async stop({ keepFiles } = { keepFiles: false }) {
      await Promise.all([...parts.apis, ...parts.workers].map((part) => part.close()));
      await Promise.all([admin.end(), client.connection.close(), parts.front.close(), simulator.close()]);
      await Promise.all([temporal.stop('kill'), postgres.stop('immediate')]);
      if (!keepFiles) await rm(directory, { recursive: true, force: true });
    },
  };
}
