import { ensureDatabase } from '../stack/ensure-database.ts';
import { findFreePort } from '../stack/free-port.ts';
import { startPostgres } from '../stack/postgres.ts';
import type { PostgresServer } from '../stack/postgres.ts';
import { findTemporalBinary } from '../stack/temporal-binary.ts';
import { startTemporal } from '../stack/temporal-server.ts';
import { ensureUi } from './build-ui.ts';
import { addonEnvironment, buildAddresses, simulatorEnvironment } from './environments.ts';
import type { Addresses } from './environments.ts';
import { launchNode, logFileOf, runNode } from './launchers.ts';
import { createSimulatorClient } from './simulator-client.ts';
import type { SimulatorClient } from './simulator-client.ts';
import type { DemoPaths, DemoState } from './state.ts';
import type { Launch, Supervisor } from './supervisor.ts';

export interface StackOptions {
  readonly root: string;
  readonly paths: DemoPaths;
  readonly state: DemoState;
  readonly workers: number;
  readonly supervisor: Supervisor;
  readonly log: (line: string) => void;
}

export interface RunningStack {
  readonly addresses: Addresses;
  readonly simulator: SimulatorClient;
  /** As superuser, who sees the rows of every workspace. */
  readonly adminDatabaseUrl: string;
  readonly temporalUiUrl: string | undefined;
  readonly metricsUrls: readonly string[];
}

const database = 'clockify';

/** Starts Postgres and, unless TEMPORAL_ADDRESS names another one, Temporal. */
async function startEngines({ root, paths, state, supervisor, log }: StackOptions): Promise<PostgresServer> {
  const { postgres: port, temporal, temporalUi } = state.ports;
  let server: PostgresServer | undefined;
  const postgres: Launch = async () => {
    const logFile = logFileOf(paths.logs, 'postgres');
    server = await startPostgres({ dataDir: paths.postgres, port, durable: true, logFile, log });
    return server;
  };
  const ownTemporal: Launch = async () => {
    const binary = await findTemporalBinary({ log });
    const logFile = logFileOf(paths.logs, 'temporal');
    return startTemporal({ binary, dbFile: paths.temporalDb, port: temporal, uiPort: temporalUi, logFile, log });
  };
  const external = process.env['TEMPORAL_ADDRESS'] !== undefined;
  const engines = external ? { postgres } : { postgres, temporal: ownTemporal };
  await Promise.all([supervisor.startTogether(engines), ensureUi(root, log)]);
  return server as PostgresServer & typeof server;
}

async function startWorkers(options: StackOptions, env: NodeJS.ProcessEnv): Promise<string[]> {
  const { root, paths, workers, supervisor } = options;
  const names = Array.from({ length: workers }, (_, index) => `worker-${index + 1}`);
  const ports = await Promise.all(names.map(() => findFreePort()));
  const launches = names.map((name, index) => [
    name,
    launchNode({
      root,
      entry: ['src/worker/main.ts'],
      env: { ...env, WORKER_METRICS_PORT: String(ports[index]) },
      logFile: logFileOf(paths.logs, name),
    }),
  ]);
  await supervisor.startTogether(Object.fromEntries(launches) as Record<string, Launch>);
  return ports.map((port) => `http://127.0.0.1:${port}/metrics`);
}

/** Starts every part in its own process, in the order in which they need each other. */
export async function startStack(options: StackOptions): Promise<RunningStack> {
  const { root, paths, state, supervisor, log } = options;
  const addresses = buildAddresses(state);
  const logFile = (name: string): string => logFileOf(paths.logs, name);

  const postgres = await startEngines(options);
  await ensureDatabase(postgres, database);
  const databaseUrl = postgres.url(database, 'clockify_addon');
  const migration = { PATH: process.env['PATH'], DATABASE_URL: databaseUrl };
  await runNode({ root, entry: ['src/db/migrate.ts'], env: migration, logFile: logFile('migrate') });

  const readyUrl = `${addresses.simulator}/__simulator/health`;
  const env = simulatorEnvironment(state, paths);
  const simulatorLaunch = { root, entry: ['simulator/main.ts'], env, logFile: logFile('simulator'), readyUrl };
  await supervisor.startTogether({ simulator: launchNode(simulatorLaunch) });
  const simulator = createSimulatorClient(addresses.simulator);

  const addonEnv = addonEnvironment({
    state,
    paths,
    databaseUrl,
    temporalAddress: process.env['TEMPORAL_ADDRESS'] ?? `127.0.0.1:${state.ports.temporal}`,
    publicKey: await simulator.publicKey(),
  });
  const api = launchNode({
    root,
    entry: ['--disable-proto=delete', 'src/api/main.ts'],
    env: addonEnv,
    logFile: logFile('api'),
    readyUrl: `${addresses.api}/health`,
  });
  await supervisor.startTogether({ api });
  const workerMetrics = await startWorkers(options, addonEnv);
  log(`The simulator, the API and ${options.workers} worker(s) run; their logs are in ${paths.logs}`);
  return {
    addresses,
    simulator,
    adminDatabaseUrl: postgres.url(database),
    temporalUiUrl:
      process.env['TEMPORAL_ADDRESS'] === undefined ? `http://127.0.0.1:${state.ports.temporalUi}` : undefined,
    metricsUrls: [`${addresses.api}/metrics`, ...workerMetrics],
  };
}
