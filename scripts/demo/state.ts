import { randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../stack/free-port.ts';
import { removePostgresHome } from '../stack/postgres-home.ts';
import type { DemoFlags, Profile } from './flags.ts';

const preferredPorts = { postgres: 54329, temporal: 7233, temporalUi: 8233, simulator: 4010, api: 8000 };

/** Temporal's services call each other on one port, and tell each other that they live on another. */
const preferredInnerPorts = {
  history: 7234,
  matching: 7235,
  worker: 7239,
  frontendMembership: 6933,
  historyMembership: 6934,
  matchingMembership: 6935,
  workerMembership: 6939,
};

type Ports<Names> = Readonly<Record<keyof Names, number>>;

export type ClusterPorts = Ports<typeof preferredInnerPorts>;

export interface InstalledWorkspace {
  readonly workspaceId: string;
  readonly addonId: string;
}

/** What one start must find again of the one before, so that it can go on. */
export interface DemoState {
  readonly profile: Profile;
  /** As TOKEN_ENCRYPTION_KEYS wants them. */
  readonly encryptionKeys: string;
  readonly ports: Ports<typeof preferredPorts>;
  /** Absent: Temporal is the development server, and one API runs. */
  readonly clusterPorts?: ClusterPorts;
  /** Absent until the simulator has installed the add-on. */
  readonly installation?: InstalledWorkspace;
}

export interface DemoPaths {
  readonly root: string;
  readonly lock: string;
  readonly state: string;
  readonly logs: string;
  readonly spool: string;
  readonly postgres: string;
  readonly temporalDb: string;
  /** What the server and the Web UI of a cluster are configured with. */
  readonly temporalConfig: string;
  readonly simulatorState: string;
}

export function demoPaths(root: string): DemoPaths {
  return {
    root,
    lock: join(root, 'demo.lock'),
    state: join(root, 'demo.json'),
    logs: join(root, 'logs'),
    spool: join(root, 'spool'),
    postgres: join(root, 'postgres'),
    temporalDb: join(root, 'temporal.db'),
    temporalConfig: join(root, 'temporal'),
    simulatorState: join(root, 'simulator.json'),
  };
}

/** Removes everything but the lock, which the caller holds. */
export async function resetState(paths: DemoPaths): Promise<void> {
  await removePostgresHome(paths.postgres);
  for (const name of await readdir(paths.root)) {
    const path = join(paths.root, name);
    if (path !== paths.lock) await rm(path, { recursive: true, force: true });
  }
}

async function findState(paths: DemoPaths): Promise<DemoState | undefined> {
  try {
    return JSON.parse(await readFile(paths.state, 'utf8')) as DemoState;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw new Error(`${paths.state} cannot be read: start with --reset`, { cause: error });
  }
}

/** The parts of a run that was killed a moment ago may still hold their ports. */
const patienceMs = 3000;

/** Says which ports had to move because somebody else listens there. */
async function choosePorts<Wanted extends Record<string, number>>(
  wanted: Wanted,
  log: (line: string) => void,
): Promise<Wanted> {
  const ports: Record<string, number> = {};
  for (const [name, port] of Object.entries(wanted)) {
    const chosen = await findFreePort(port, patienceMs);
    ports[name] = chosen;
    if (chosen !== port) log(`Port ${port} (${name}) is in use: ${chosen} instead`);
  }
  return ports as Wanted;
}

/** Replaces the state; a kill in the middle leaves the old one. */
export async function saveState(paths: DemoPaths, state: DemoState): Promise<void> {
  await writeFile(`${paths.state}.new`, JSON.stringify(state, null, 2), { mode: 0o600 });
  await rename(`${paths.state}.new`, paths.state);
}

/** What a run begun once stays, until a reset. */
function assertSameKind(found: DemoState, { profile, cluster }: OpenOptions, root: string): void {
  if (profile !== undefined && profile !== found.profile) {
    throw new Error(`${root} holds a workspace of profile ${found.profile}: start with --reset to change it`);
  }
  if (cluster && found.clusterPorts === undefined) {
    throw new Error(`${root} holds a run without --cluster: start with --reset to change it`);
  }
}

type OpenOptions = Pick<DemoFlags, 'profile' | 'cluster'>;

/** Reads the state of the run before, or begins one; either way with ports that are free now. */
export async function openState(
  paths: DemoPaths,
  options: OpenOptions,
  log: (line: string) => void,
): Promise<DemoState> {
  const found = await findState(paths);
  if (found !== undefined) assertSameKind(found, options, paths.root);
  await mkdir(paths.logs, { recursive: true });
  const isCluster = found === undefined ? options.cluster : found.clusterPorts !== undefined;
  const state: DemoState = {
    ...found,
    profile: found?.profile ?? options.profile ?? 'S',
    encryptionKeys: found?.encryptionKeys ?? `demo:${randomBytes(32).toString('base64')}`,
    ports: await choosePorts(found?.ports ?? preferredPorts, log),
    ...(isCluster && { clusterPorts: await choosePorts(found?.clusterPorts ?? preferredInnerPorts, log) }),
  };
  await saveState(paths, state);
  return state;
}
