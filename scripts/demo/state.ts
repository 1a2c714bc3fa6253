import { randomBytes } from 'node:crypto';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findFreePort } from '../stack/free-port.ts';
import { removePostgresHome } from '../stack/postgres-home.ts';
import type { Profile } from './flags.ts';

const preferredPorts = { postgres: 54329, temporal: 7233, temporalUi: 8233, simulator: 4010, api: 8000 };

type PortName = keyof typeof preferredPorts;
type Ports = Readonly<Record<PortName, number>>;

export interface InstalledWorkspace {
  readonly workspaceId: string;
  readonly addonId: string;
}

/** What one start must find again of the one before, so that it can go on. */
export interface DemoState {
  readonly profile: Profile;
  /** As TOKEN_ENCRYPTION_KEYS wants them. */
  readonly encryptionKeys: string;
  readonly ports: Ports;
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
async function choosePorts(wanted: Ports, log: (line: string) => void): Promise<Ports> {
  const ports = { ...wanted };
  for (const name of Object.keys(preferredPorts) as PortName[]) {
    ports[name] = await findFreePort(wanted[name], patienceMs);
    if (ports[name] !== wanted[name]) log(`Port ${wanted[name]} (${name}) is in use: ${ports[name]} instead`);
  }
  return ports;
}

/** Replaces the state; a kill in the middle leaves the old one. */
export async function saveState(paths: DemoPaths, state: DemoState): Promise<void> {
  await writeFile(`${paths.state}.new`, JSON.stringify(state, null, 2), { mode: 0o600 });
  await rename(`${paths.state}.new`, paths.state);
}

/** Reads the state of the run before, or begins one; either way with ports that are free now. */
export async function openState(
  paths: DemoPaths,
  profile: Profile | undefined,
  log: (line: string) => void,
): Promise<DemoState> {
  const found = await findState(paths);
  if (found !== undefined && profile !== undefined && profile !== found.profile) {
    throw new Error(`${paths.root} holds a workspace of profile ${found.profile}: start with --reset to change it`);
  }
  await mkdir(paths.logs, { recursive: true });
  const state: DemoState = {
    ...found,
    profile: found?.profile ?? profile ?? 'S',
    encryptionKeys: found?.encryptionKeys ?? `demo:${randomBytes(32).toString('base64')}`,
    ports: await choosePorts(found?.ports ?? preferredPorts, log),
  };
  await saveState(paths, state);
  return state;
}
