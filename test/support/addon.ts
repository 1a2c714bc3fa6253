import { randomBytes } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { waitForAnswer } from '../../scripts/demo/launchers.ts';
import { ensureDatabase } from '../../scripts/stack/ensure-database.ts';
import { findFreePort } from '../../scripts/stack/free-port.ts';
import { spawnLeashed } from '../../scripts/stack/leash.ts';
import type { LeashedProcess } from '../../scripts/stack/leash.ts';
import { startPostgres } from '../../scripts/stack/postgres.ts';
import type { PostgresServer } from '../../scripts/stack/postgres.ts';
import { findTemporalBinary } from '../../scripts/stack/temporal-binary.ts';
import { startTemporal } from '../../scripts/stack/temporal-server.ts';
import type { TemporalServer } from '../../scripts/stack/temporal-server.ts';
import { createSimulator } from '../../simulator/simulator.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { migrate } from '../../src/db/migrate.ts';

const root = join(import.meta.dirname, '../..');
const addonKey = 'clockify-api-studio';

/** The whole add-on on real parts of its own: Postgres with fsync, Temporal on a file, the simulator, API and workers as processes. */
export interface Addon {
  readonly baseUrl: string;
  readonly simulator: Simulator;
  readonly adminUrl: string;
  readonly appUrl: string;
  readonly temporalAddress: string;
  readonly workers: readonly LeashedProcess[];
  readonly logs: string;
  /** What its processes run with. */
  readonly env: NodeJS.ProcessEnv;
  startWorker(): Promise<LeashedProcess>;
  /** kill -9, then `meanwhile`, then a start on the same file. */
  restartTemporal(meanwhile?: () => Promise<void>): Promise<void>;
  restartPostgres(mode: 'fast' | 'immediate' | 'kill', meanwhile?: () => Promise<void>): Promise<void>;
  /** kill -9 and a new process. */
  restartApi(): Promise<void>;
  stop(): Promise<void>;
}

export interface AddonOptions {
  readonly workers: number;
  /** The program of the workers; absent: the one that is deployed. */
  readonly workerEntry?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts everything and resolves once the API is ready. */
export async function startAddon(options: AddonOptions): Promise<Addon> {
  const { workers: workerCount, workerEntry = 'src/worker/main.ts', env: extra = {} } = options;
  const directory = await mkdtemp(join(tmpdir(), 'clockify-api-studio-e2e-'));
  // Run as root, Postgres is another user and must be able to enter.
  await chmod(directory, 0o755);
  const silent = (): void => {};
  const [binary, simulator, ports] = await Promise.all([
    findTemporalBinary({ log: silent }),
    createSimulator({ latencyMs: 5 }),
    Promise.all([findFreePort(), findFreePort(), findFreePort()]),
  ]);
  const [apiPort, postgresPort, temporalPort] = ports;
  const startDatabase = (): Promise<PostgresServer> =>
    startPostgres({ dataDir: join(directory, 'postgres'), port: postgresPort, durable: true, log: silent });
  const startServer = (): Promise<TemporalServer> =>
    startTemporal({ binary, dbFile: join(directory, 'temporal.db'), port: temporalPort, log: silent });
  let [postgres, temporal] = await Promise.all([startDatabase(), startServer()]);
  await ensureDatabase(postgres, 'addon');
  const appUrl = postgres.url('addon', 'clockify_addon');
  await migrate(appUrl);

  const baseUrl = `http://127.0.0.1:${apiPort}`;
  const env = {
    PATH: process.env['PATH'],
    HOME: process.env['HOME'],
    BASE_URL: baseUrl,
    ADDON_KEY: addonKey,
    DATABASE_URL: appUrl,
    HOST: '127.0.0.1',
    PORT: String(apiPort),
    TOKEN_ENCRYPTION_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    CLOCKIFY_PUBLIC_KEYS: simulator.publicKeyPem,
    CLOCKIFY_ALLOWED_API_DOMAINS: simulator.url,
    TEMPORAL_ADDRESS: temporal.address,
    SPOOL_DIRECTORY: join(directory, 'spool'),
    ...extra,
  };
  const startProcess = (entry: string, name: string): Promise<LeashedProcess> =>
    spawnLeashed({
      command: process.execPath,
      args: ['--disable-warning=ExperimentalWarning', join(root, entry)],
      env,
      cwd: root,
      logFile: join(directory, `${name}.log`),
    });
  const workers: LeashedProcess[] = [];
  const startWorker = async (): Promise<LeashedProcess> => {
    const worker = await startProcess(workerEntry, `worker-${workers.length}`);
    workers.push(worker);
    return worker;
  };
  const startApi = async (): Promise<LeashedProcess> => {
    const started = await startProcess('src/api/main.ts', 'api');
    await waitForAnswer(started, {
      name: 'the API',
      readyUrl: `${baseUrl}/health`,
      logFile: join(directory, 'api.log'),
    });
    return started;
  };
  let api = await startApi();
  for (let index = 0; index < workerCount; index++) await startWorker();

  return {
    baseUrl,
    simulator,
    adminUrl: postgres.url('addon'),
    appUrl,
    temporalAddress: temporal.address,
    workers,
    logs: directory,
    env,
    startWorker,
    async restartTemporal(meanwhile) {
      await temporal.kill();
      await meanwhile?.();
      temporal = await startServer();
    },
    async restartPostgres(mode, meanwhile) {
      await postgres.stop(mode);
      await meanwhile?.();
      postgres = await startDatabase();
    },
    async restartApi() {
      await api.stop('SIGKILL');
      api = await startApi();
    },
    async stop() {
      await Promise.all([...workers, api].map((part) => part.stop('SIGKILL')));
      await Promise.all([temporal.kill(), postgres.stop('immediate'), simulator.close()]);
      await rm(directory, { recursive: true, force: true });
    },
  };
}
