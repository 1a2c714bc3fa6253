import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { StackPaths } from '../demo/state.ts';
import { findMirrorState, mirrorPaths, openMirrorState, removeMirrorState } from './state.ts';

let paths: StackPaths;
const log = (): void => {};
beforeEach(async () => {
  paths = mirrorPaths(await mkdtemp(join(tmpdir(), 'mirror-')));
});
afterEach(() => rm(paths.root, { recursive: true, force: true }));

test('a second start finds the keys and the ports of the first', async () => {
  expect(await findMirrorState(paths, log)).toBeUndefined();
  const first = await openMirrorState(paths, log);
  expect(await openMirrorState(paths, log)).toEqual(first);
  expect(await findMirrorState(paths, log)).toEqual(first);
});

test('the keys are 256 bits long and readable by nobody else', async () => {
  const { encryptionKeys } = await openMirrorState(paths, log);
  expect(Buffer.from(encryptionKeys.replace('mirror:', ''), 'base64')).toHaveLength(32);
  expect((await stat(paths.state)).mode & 0o777).toBe(0o600);
});

test('a state that cannot be read is not replaced: the stored keys would be lost', async () => {
  await writeFile(paths.state, '{ half');
  await expect(openMirrorState(paths, log)).rejects.toThrow('without it the stored keys cannot be opened');
});

test('the removal leaves what is not its own', async () => {
  await openMirrorState(paths, log);
  await mkdir(join(paths.postgres, 'data'), { recursive: true });
  for (const path of [paths.temporalDb, `${paths.temporalDb}-wal`, paths.lock, join(paths.root, 'holiday.jpg')]) {
    await writeFile(path, '');
  }
  await removeMirrorState(paths);
  expect((await readdir(paths.root)).toSorted()).toEqual(['holiday.jpg', 'mirror.lock']);
});
