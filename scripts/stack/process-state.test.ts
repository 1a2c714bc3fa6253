import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from '@jest/globals';
import { isAlive } from './process-state.ts';

test('a running process counts under its own name only', () => {
  expect(isAlive(process.pid, 'node')).toBe(true);
  expect(isAlive(process.pid, 'no such program')).toBe(false);
});

test('a process that has ended does not count', async () => {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'exit');
  expect(isAlive(child.pid as number, 'node')).toBe(false);
});
