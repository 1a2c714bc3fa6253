import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { takeLock } from './lock.ts';

let root: string;
let file: string;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'lock-'));
  file = join(root, 'state', 'demo.lock');
});
afterEach(() => rm(root, { recursive: true, force: true }));

test('the lock names its holder and is gone after its release', async () => {
  const release = await takeLock(file, 'node');
  expect(await readFile(file, 'utf8')).toBe(`${process.pid}\n`);
  await release();
  expect(existsSync(file)).toBe(false);
});

test('the lock of another running process is respected', async () => {
  const holder = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  await once(holder, 'spawn');
  try {
    await (
      await takeLock(file, 'node')
    )();
    await writeFile(file, String(holder.pid));
    await expect(takeLock(file, 'setInterval')).rejects.toThrow(`process ${holder.pid}`);
    expect(await readFile(file, 'utf8')).toBe(String(holder.pid));
  } finally {
    holder.kill();
  }
});

test.each([
  [
    'a process that has ended',
    async (): Promise<string> => {
      const ended = spawn(process.execPath, ['-e', '']);
      await once(ended, 'exit');
      return String(ended.pid);
    },
  ],
  ['another program that got the same process id', async (): Promise<string> => String(process.ppid)],
  ['a start that was killed before it had written', async (): Promise<string> => ''],
])('the lock of %s is taken over', async (_title, content) => {
  await (
    await takeLock(file, 'node')
  )();
  await writeFile(file, await content());
  await takeLock(file, 'no program has this name');
  expect(await readFile(file, 'utf8')).toBe(`${process.pid}\n`);
});
