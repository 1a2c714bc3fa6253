import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../stack/free-port.ts';
import { removePostgresHome } from '../stack/postgres-home.ts';
import { readStateFile, writeStateFile } from '../stack/state-file.ts';
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

/** What every local stack must find again of the start before. */
export interface StackState {
  /** As TOKEN_ENCRYPTION_KEYS wants them. */
  readonly encryptionKeys: string;
  readonly ports: Ports<Omit<typeof preferredPorts, 'simulator'>>;
}

/** What one start must find again of the one before, so that it can go on. */
export interface DemoState extends StackState {
  readonly profile: Profile;
  readonly ports: Ports<typeof preferredPorts>;
  /** Absent: Temporal is the development server, and one API runs. */
  readonly clusterPorts?: ClusterPorts;
  /** Absent until the simulator has installed the add-on. */
  readonly installation?: InstalledWorkspace;
}

export interface StackPaths {
  readonly root: string;
  readonly lock: string;
  readonly state: string;
  readonly logs: string;
  readonly spool: string;
  readonly postgres: string;
  readonly temporalDb: string;
}

export interface DemoPaths extends StackPaths {
  /** What the server and the Web UI of a cluster are configured with. */
  readonly temporalConfig: string;
  readonly simulatorState: string;
}

/** Of a stack that is known by this name. */
export const stackPaths = (root: string, name: string): StackPaths => ({
  root,
  lock: join(root, `${name}.lock`),
  state: join(root, `${name}.json`),
  logs: join(root, 'logs'),
  spool: join(root, 'spool'),
  postgres: join(root, 'postgres'),
  temporalDb: join(root, 'temporal.db'),
});

export function demoPaths(root: string): DemoPaths {
  return {
    ...stackPaths(root, 'demo'),
    temporalConfig: join(root, 'temporal'),
    simulatorState: join(root, 'simulator.json'),
  };
}

/** Below the demo's own folder lives what was copied from a real workspace. */
export const mirrorFolder = 'mirror';

/** Removes everything but the lock, which the caller holds, and a copy of a real workspace. */
export async function resetState(paths: StackPaths): Promise<void> {
  await removePostgresHome(paths.postgres);
  for (const name of await readdir(paths.root)) {
    const path = join(paths.root, name);
    if (path !== paths.lock && name !== mirrorFolder) await rm(path, { recursive: true, force: true });
  }
}

/** The parts of a run that was killed a moment ago may still hold their ports. */
const patienceMs = 3000;

/** Says which ports had to move because somebody else listens there. */
export async function choosePorts<Wanted extends Record<string, number>>(
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

export const saveState = (paths: DemoPaths, state: DemoState): Promise<void> => writeStateFile(paths.state, state);

/** As TOKEN_ENCRYPTION_KEYS wants them: one of 256 bits. */
export const createEncryptionKeys = (name: string): string => `${name}:${randomBytes(32).toString('base64')}`;

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
  const found = await readStateFile<DemoState>(paths.state, 'start with --reset');
  if (found !== undefined) assertSameKind(found, options, paths.root);
  await mkdir(paths.logs, { recursive: true });
  const isCluster = found === undefined ? options.cluster : found.clusterPorts !== undefined;
  const state: DemoState = {
    ...found,
    profile: found?.profile ?? options.profile ?? 'S',
    encryptionKeys: found?.encryptionKeys ?? createEncryptionKeys('demo'),
    ports: await choosePorts(found?.ports ?? preferredPorts, log),
    ...(isCluster && { clusterPorts: await choosePorts(found?.clusterPorts ?? preferredInnerPorts, log) }),
  };
  await saveState(paths, state);
  return state;
}
