import { mkdir, rm } from 'node:fs/promises';
import { choosePorts, createEncryptionKeys, stackPaths } from '../demo/state.ts';
import type { StackPaths, StackState } from '../demo/state.ts';
import { removePostgresHome } from '../stack/postgres-home.ts';
import { readStateFile, writeStateFile } from '../stack/state-file.ts';

const preferredPorts = { postgres: 54339, temporal: 7243, temporalUi: 8243, api: 8010 };

export const mirrorPaths = (root: string): StackPaths => stackPaths(root, 'mirror');

/** What the copies were made with, undefined when there are none; with ports that are free now. */
export async function findMirrorState(paths: StackPaths, log: (line: string) => void): Promise<StackState | undefined> {
  const found = await readStateFile<StackState>(paths.state, 'without it the stored keys cannot be opened');
  if (found === undefined) return undefined;
  await mkdir(paths.logs, { recursive: true });
  const state = { ...found, ports: await choosePorts(found.ports, log) };
  await writeStateFile(paths.state, state);
  return state;
}

/** As `findMirrorState`, and begins a state where there is none. */
export async function openMirrorState(paths: StackPaths, log: (line: string) => void): Promise<StackState> {
  const found = await findMirrorState(paths, log);
  if (found !== undefined) return found;
  await mkdir(paths.logs, { recursive: true });
  const state = { encryptionKeys: createEncryptionKeys('mirror'), ports: await choosePorts(preferredPorts, log) };
  await writeStateFile(paths.state, state);
  return state;
}

/** Removes what was kept for copies, and nothing else: the folder may be one that somebody uses for more. */
export async function removeMirrorState({ logs, spool, postgres, temporalDb, state }: StackPaths): Promise<void> {
  await removePostgresHome(postgres);
  const sqliteFiles = ['', '-wal', '-shm'].map((suffix) => temporalDb + suffix);
  for (const path of [logs, spool, postgres, ...sqliteFiles, state]) await rm(path, { recursive: true, force: true });
}
