import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { runAndKill } from '../../test/support/doomed-parent.ts';
import { waitUntil } from '../../test/support/wait-until.ts';
import { spawnLeashed } from './leash.ts';
import { isAlive } from './process-state.ts';

const leashModule = new URL('leash.ts', import.meta.url).href;
let directory: string;
let logFile: string;

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'leash-'));
  logFile = join(directory, 'out.log');
});
afterAll(() => rm(directory, { recursive: true, force: true }));

const startNode = (code: string) => spawnLeashed({ command: process.execPath, args: ['-e', code], env: {}, logFile });

test('the exit code of a process that ends by itself is reported', async () => {
  const child = await startNode('process.exit(3)');
  expect(await child.exited).toBe(3);
  expect(child.isRunning()).toBe(false);
});

test('the output of a process is appended to its log file', async () => {
  await (
    await startNode('console.log("first")')
  ).exited;
  await (
    await startNode('console.error("second")')
  ).exited;
  expect(await readFile(logFile, 'utf8')).toContain('first\nsecond\n');
});

test('stop sends the signal and waits for the end', async () => {
  const child = await startNode('setInterval(() => {}, 1000)');
  await child.stop('SIGTERM');
  expect(await child.exited).toBe('SIGTERM');
});

test('stopping a process that has ended does nothing', async () => {
  const child = await startNode('');
  await child.exited;
  await expect(child.stop('SIGTERM')).resolves.toBeUndefined();
});

test('a process that ignores the signal is killed', async () => {
  const child = await startNode('process.on("SIGTERM", () => {}); console.log("deaf"); setInterval(() => {}, 1000)');
  await waitUntil(async () => (await readFile(logFile, 'utf8')).includes('deaf'));
  await child.stop('SIGTERM', 50);
  expect(await child.exited).toBe('SIGKILL');
});

test('a command that does not exist is refused', async () => {
  const child = await spawnLeashed({ command: '/no/such/command', args: [], env: {}, logFile });
  expect(await child.exited).toBe(127);
});

test('kill -9 of the parent ends the child and removes its directory', async () => {
  const doomed = join(directory, 'doomed');
  await mkdir(doomed);
  const options = { command: 'sleep', args: ['1000'], env: {}, logFile, removeAfter: doomed };
  const { pid } = await runAndKill<{ pid: number }>(`
    import { spawnLeashed } from ${JSON.stringify(leashModule)};
    const { pid } = await spawnLeashed(${JSON.stringify(options)});
    console.log(JSON.stringify({ pid }));
    setInterval(() => {}, 1000);`);
  await waitUntil(() => !isAlive(pid, 'sleep'));
  await waitUntil(() => !existsSync(doomed));
});
