import { startClusterEngines } from '../cluster/engines.ts';
import { startApi, startApiPair, startWorkers } from './addon.ts';
import type { AddonOptions } from './addon.ts';
import { ensureUi } from './build-ui.ts';
import { startDevelopmentEngines } from './engines.ts';
import { addonEnvironment, buildAddresses, simulatorEnvironment } from './environments.ts';
import type { Addresses } from './environments.ts';
import { launchNode, logFileOf, runNode } from './launchers.ts';
import { createSimulatorClient } from './simulator-client.ts';
import type { SimulatorClient } from './simulator-client.ts';
import type { DemoPaths, DemoState } from './state.ts';

export interface StackOptions extends AddonOptions {
  readonly paths: DemoPaths;
  readonly state: DemoState;
  readonly workers: number;
}

export interface RunningStack {
  readonly addresses: Addresses;
  readonly simulator: SimulatorClient;
  /** As superuser, who sees the rows of every workspace. */
  readonly adminDatabaseUrl: string;
  readonly temporalUiUrl: string | undefined;
  readonly metricsUrls: readonly string[];
}

async function startSimulator({ root, paths, state, supervisor }: StackOptions): Promise<SimulatorClient> {
  const { simulator: address } = buildAddresses(state);
  const simulator = launchNode({
    root,
    entry: ['simulator/main.ts'],
    env: simulatorEnvironment(state, paths),
    logFile: logFileOf(paths.logs, 'simulator'),
    readyUrl: `${address}/__simulator/health`,
  });
  await supervisor.startTogether({ simulator });
  return createSimulatorClient(address);
}

/** Starts every part in its own process, in the order in which they need each other. */
export async function startStack(options: StackOptions): Promise<RunningStack> {
  const { root, paths, state, workers, log } = options;
  const isCluster = state.clusterPorts !== undefined;

  const startEngines = isCluster ? startClusterEngines : startDevelopmentEngines;
  const [engines] = await Promise.all([startEngines(options), ensureUi(root, log)]);
  const migration = { PATH: process.env['PATH'], DATABASE_URL: engines.ownerDatabaseUrl };
  await runNode({ root, entry: ['src/db/migrate.ts'], env: migration, logFile: logFileOf(paths.logs, 'migrate') });

  const simulator = await startSimulator(options);
  const addonEnv = addonEnvironment({
    state,
    paths,
    databaseUrl: engines.appDatabaseUrl,
    temporalAddress: engines.temporalAddress,
    publicKey: await simulator.publicKey(),
    allowedApiDomains: [buildAddresses(state).simulator],
  });
  const apiMetrics = await (isCluster ? startApiPair : startApi)(options, addonEnv);
  const workerMetrics = await startWorkers(options, workers, addonEnv);
  const processes = `the simulator, ${apiMetrics.length} API(s) and ${workers} worker(s)`;
  log(`Running: ${processes}; their logs are in ${paths.logs}`);
  return {
    addresses: buildAddresses(state),
    simulator,
    adminDatabaseUrl: engines.adminDatabaseUrl,
    temporalUiUrl: engines.temporalUiUrl,
    metricsUrls: [...apiMetrics, ...workerMetrics],
  };
}
