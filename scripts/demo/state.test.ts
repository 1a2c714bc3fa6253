import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { demoPaths, openState, resetState, saveState } from './state.ts';
import type { DemoPaths } from './state.ts';

const plain = { profile: undefined, cluster: false };
let paths: DemoPaths;
const lines: string[] = [];
const log = (line: string): void => void lines.push(line);

beforeEach(async () => {
  paths = demoPaths(await mkdtemp(join(tmpdir(), 'state-')));
  lines.length = 0;
});
afterEach(() => rm(paths.root, { recursive: true, force: true }));

test('a second start finds the profile, the keys and the ports of the first', async () => {
  const first = await openState(paths, { ...plain, profile: 'XS' }, log);
  expect(first.profile).toBe('XS');
  expect(await openState(paths, plain, log)).toEqual(first);
  expect(await openState(paths, { ...plain, profile: 'XS' }, log)).toEqual(first);
});

test('an installation is remembered', async () => {
  const installation = { workspaceId: 'w1', addonId: 'a1' };
  await saveState(paths, { ...(await openState(paths, plain, log)), installation });
  expect(await openState(paths, plain, log)).toMatchObject({ installation });
});

test('the keys are 256 bits long and readable by nobody else', async () => {
  const { encryptionKeys } = await openState(paths, plain, log);
  const [id, key = ''] = encryptionKeys.split(':');
  expect(id).toBe('demo');
  expect(Buffer.from(key, 'base64')).toHaveLength(32);
  expect((await stat(paths.state)).mode & 0o777).toBe(0o600);
});

test('a workspace of another profile is not taken over silently', async () => {
  await openState(paths, plain, log);
  await expect(openState(paths, { ...plain, profile: 'M' }, log)).rejects.toThrow('profile S: start with --reset');
});

test('a cluster stays one on the next start, with the ports it had', async () => {
  const first = await openState(paths, { ...plain, cluster: true }, log);
  expect(Object.values(first.clusterPorts ?? {})).toHaveLength(7);
  expect(await openState(paths, plain, log)).toEqual(first);
});

test('a run without a cluster is not made one silently', async () => {
  expect(await openState(paths, plain, log)).not.toHaveProperty('clusterPorts');
  await expect(openState(paths, { ...plain, cluster: true }, log)).rejects.toThrow(
    'without --cluster: start with --reset',
  );
});

test('a state that cannot be read names the way out', async () => {
  await writeFile(paths.state, '{ half');
  await expect(openState(paths, plain, log)).rejects.toThrow('--reset');
});

test('a port that is in use is moved, and the move is named', async () => {
  const { ports } = await openState(paths, plain, log);
  const other = createServer().listen(ports.simulator, '127.0.0.1');
  await once(other, 'listening');
  try {
    lines.length = 0;
    const moved = await openState(paths, plain, log);
    expect(moved.ports.simulator).not.toBe(ports.simulator);
    expect(lines).toEqual([`Port ${ports.simulator} (simulator) is in use: ${moved.ports.simulator} instead`]);
  } finally {
    other.close();
  }
});

test('a reset leaves nothing but the lock', async () => {
  await openState(paths, plain, log);
  await mkdir(join(paths.postgres, 'data'), { recursive: true });
  await writeFile(paths.temporalDb, '');
  await writeFile(paths.lock, '1');
  await resetState(paths);
  expect(await readdir(paths.root)).toEqual(['demo.lock']);
});
