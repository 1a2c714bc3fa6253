import { join } from 'node:path';
import { startForwarder } from '../cluster/forwarder.ts';
import { findFreePort } from '../stack/free-port.ts';
import type { EngineOptions } from './engines.ts';
import { launchNode, logFileOf } from './launchers.ts';
import type { Launch } from './supervisor.ts';

export interface AddonOptions extends EngineOptions {
  readonly root: string;
}

interface Process {
  readonly name: string;
  readonly port: number;
}

async function nameProcesses(kind: string, count: number): Promise<Process[]> {
  const names = Array.from({ length: count }, (_, index) => `${kind}-${index + 1}`);
  return Promise.all(names.map(async (name) => ({ name, port: await findFreePort() })));
}

const metricsUrl = ({ port }: Process): string => `http://127.0.0.1:${port}/metrics`;

function launchApi({ root, paths }: AddonOptions, { name, port }: Process, env: NodeJS.ProcessEnv): Launch {
  return launchNode({
    root,
    entry: ['--disable-proto=delete', 'src/api/main.ts'],
    env: { ...env, PORT: String(port) },
    logFile: logFileOf(paths.logs, name),
    readyUrl: `http://127.0.0.1:${port}/health`,
  });
}

/** Starts the API at the add-on's own address. Returns where its metrics are. */
export async function startApi(options: AddonOptions, env: NodeJS.ProcessEnv): Promise<string[]> {
  const api = { name: 'api', port: options.state.ports.api };
  await options.supervisor.startTogether({ api: launchApi(options, api, env) });
  return [metricsUrl(api)];
}

/** Starts two APIs, each with a spool of its own, behind one that spreads connections at the add-on's address. */
export async function startApiPair(options: AddonOptions, env: NodeJS.ProcessEnv): Promise<string[]> {
  const { state, supervisor } = options;
  const apis = await nameProcesses('api', 2);
  const launches = apis.map((api) => [
    api.name,
    launchApi(options, api, { ...env, SPOOL_DIRECTORY: join(options.paths.spool, api.name) }),
  ]);
  await supervisor.startTogether(Object.fromEntries(launches) as Record<string, Launch>);
  const forwarder: Launch = async () => {
    const running = await startForwarder({ port: state.ports.api, targets: apis.map(({ port }) => port) });
    return { exited: Promise.withResolvers<never>().promise, stop: () => running.stop() };
  };
  await supervisor.startTogether({ forwarder });
  return apis.map(metricsUrl);
}

/** Starts so many workers. Returns where their metrics are. */
export async function startWorkers(options: AddonOptions, count: number, env: NodeJS.ProcessEnv): Promise<string[]> {
  const { root, paths, supervisor } = options;
  const workers = await nameProcesses('worker', count);
  const launches = workers.map(({ name, port }) => [
    name,
    launchNode({
      root,
      entry: ['src/worker/main.ts'],
      env: { ...env, WORKER_METRICS_PORT: String(port) },
      logFile: logFileOf(paths.logs, name),
    }),
  ]);
  await supervisor.startTogether(Object.fromEntries(launches) as Record<string, Launch>);
  return workers.map(metricsUrl);
}
