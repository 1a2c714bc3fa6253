import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, chmod, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pg from 'pg';
import { migrate } from '../../src/db/migrate.ts';
import { buildWebhookPath, webhookEvents } from '../../src/domain/webhook-events.ts';
import { addonKey, createTokenMint } from '../../test/support/token-mint.ts';
import type { TokenOwner } from '../../test/support/token-mint.ts';
import { ensureDatabase } from '../stack/ensure-database.ts';
import { findFreePort } from '../stack/free-port.ts';
import { spawnLeashed } from '../stack/leash.ts';
import type { LeashedProcess } from '../stack/leash.ts';
import { startPostgres } from '../stack/postgres.ts';
import type { PostgresServer } from '../stack/postgres.ts';
import type { LoadPlan, LoadResult, LoadTarget } from './webhooks-load.ts';

const root = join(import.meta.dirname, '../..');
const eventsOfEach = 4;
const database = 'bench';

export type Variant = 'api' | 'baseline';

export interface Stage {
  readonly targets: readonly LoadTarget[];
  /** Installed workspaces, and a token of an admin of each. */
  readonly viewers: readonly { readonly owner: TokenOwner; readonly token: string }[];
  readonly databaseUrl: () => string;
  /** As superuser: sees the rows of all workspaces. */
  count(sql: string, parameters?: readonly unknown[]): Promise<number>;
  /** Starts the server, and resolves with its port once it listens. */
  serve(variant: Variant): Promise<{ readonly port: number; stop(): Promise<void> }>;
  load(plan: Omit<LoadPlan, 'targets'>): Promise<LoadResult>;
  /** Kills the database and starts it again after so long. */
  interruptDatabase(seconds: number): Promise<void>;
  close(): Promise<void>;
}

/** Postgres as in production (every commit flushed), the servers and the load generator as processes of their own. */
export async function openStage(installations: number): Promise<Stage> {
  const directory = await mkdtemp(join(tmpdir(), 'bench-webhooks-'));
  await chmod(directory, 0o755);
  const port = await findFreePort();
  const start = (): Promise<PostgresServer> =>
    startPostgres({ dataDir: join(directory, 'postgres'), port, durable: true, log: () => {} });
  let postgres = await start();
  await ensureDatabase(postgres, database);
  const databaseUrl = (): string => postgres.url(database, 'clockify_addon');
  await migrate(databaseUrl());
  const mint = createTokenMint();
  const generator = fork(join(import.meta.dirname, 'webhooks-load.ts'));
  const servers: LeashedProcess[] = [];
  const owners = Array.from({ length: installations }, (_, index) => buildOwner(index));

  async function serve(variant: Variant): Promise<{ port: number; stop(): Promise<void> }> {
    const own = await findFreePort();
    const logFile = join(directory, `${variant}-${own}.log`);
    const entry = variant === 'api' ? 'src/api/main.ts' : 'scripts/bench/webhooks-baseline.ts';
    const server = await spawnLeashed({
      command: process.execPath,
      args: ['--disable-proto=delete', join(root, entry)],
      env: { ...buildEnv(databaseUrl(), mint.pem, directory), PORT: String(own) },
      logFile,
    });
    servers.push(server);
    while (!(await readFile(logFile, 'utf8')).includes('"listening"')) {
      if (!server.isRunning()) throw new Error(await readFile(logFile, 'utf8'));
      await sleep(50);
    }
    return { port: own, stop: () => server.stop('SIGTERM') };
  }

  async function close(): Promise<void> {
    generator.kill();
    await Promise.all(servers.map((server) => server.stop('SIGTERM')));
    await postgres.stop('immediate');
    await rm(directory, { recursive: true, force: true });
  }

  async function installAll(): Promise<LoadTarget[]> {
    const api = await serve('api');
    const targets = (await Promise.all(owners.map((owner) => install(api.port, mint, owner)))).flat();
    await api.stop();
    return targets;
  }

  const targets = await installAll().catch(async (error: unknown) => {
    await close();
    throw error;
  });

  return {
    targets,
    viewers: owners.map((owner) => ({ owner, token: mint.user(owner) })),
    databaseUrl,
    serve,
    async count(sql, parameters = []) {
      const client = new pg.Client({ connectionString: postgres.url(database) });
      await client.connect();
      const { rows } = await client.query<{ count: string }>(sql, [...parameters]);
      await client.end();
      return Number(rows[0]?.count);
    },
    load: (plan) => askGenerator(generator, { ...plan, targets }),
    async interruptDatabase(seconds) {
      await postgres.stop('immediate');
      await sleep(seconds * 1_000);
      postgres = await start();
    },
    close,
  };
}

async function askGenerator(generator: ChildProcess, plan: LoadPlan): Promise<LoadResult> {
  generator.send(plan);
  const [result] = (await once(generator, 'message')) as [LoadResult];
  return result;
}

const buildEnv = (databaseUrl: string, pem: string, directory: string): NodeJS.ProcessEnv => ({
  PATH: process.env['PATH'],
  BASE_URL: 'http://localhost:8000',
  ADDON_KEY: addonKey,
  DATABASE_URL: databaseUrl,
  TOKEN_ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
  CLOCKIFY_PUBLIC_KEYS: pem,
  TEMPORAL_ADDRESS: '127.0.0.1:1',
  SPOOL_DIRECTORY: join(directory, 'spool'),
  HOST: '127.0.0.1',
});

const buildOwner = (index: number): TokenOwner => ({
  workspaceId: index.toString(16).padStart(24, '0'),
  addonId: index.toString(16).padStart(24, 'b'),
});

/** Installs the add-on with a few webhooks. */
async function install(
  port: number,
  mint: ReturnType<typeof createTokenMint>,
  owner: TokenOwner,
): Promise<LoadTarget[]> {
  const hooks = webhookEvents.slice(0, eventsOfEach).map((event, iat) => {
    return { event, path: buildWebhookPath(event), token: mint.webhook(owner, { iat: 1_700_000_000 + iat }) };
  });
  const answer = await fetch(`http://127.0.0.1:${port}/lifecycle/installed`, {
    method: 'POST',
    headers: { 'x-addon-lifecycle-token': mint.lifecycle(owner), 'content-type': 'application/json' },
    body: JSON.stringify({
      ...owner,
      authToken: mint.installation(owner),
      apiUrl: 'https://api.clockify.me/api',
      webhooks: hooks.map(({ path, token }) => ({ path, authToken: token })),
    }),
  });
  if (answer.status !== 204) throw new Error(`INSTALLED was answered with ${answer.status}`);
  return hooks.map((hook) => ({ ...hook, workspaceId: owner.workspaceId }));
}
