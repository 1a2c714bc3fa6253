import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, expect, it } from '@jest/globals';

const main = fileURLToPath(new URL('./main.ts', import.meta.url));
let child: ChildProcess | undefined;

afterEach(() => {
  child?.kill('SIGKILL');
});

function start(env: Record<string, string>) {
  const started = spawn(process.execPath, [main], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child = started;
  return { child: started, lines: createInterface({ input: started.stdout })[Symbol.asyncIterator]() };
}

it('announces its address, logs requests without their query, and closes on SIGTERM', async () => {
  const simulator = start({ SIMULATOR_PORT: '0', SIMULATOR_PROFILE: 'XS', SIMULATOR_LATENCY_MS: '0' });
  const next = async () => JSON.parse(String((await simulator.lines.next()).value)) as Record<string, unknown>;
  const listening = await next();

  const response = await fetch(`${String(listening['url'])}/api/v1/user?secret=1`);
  const request = await next();
  simulator.child.kill('SIGTERM');

  expect(listening).toMatchObject({ event: 'listening', profile: 'XS' });
  expect(response.status).toBe(401);
  expect(request).toMatchObject({ event: 'request', operationId: 'getLoggedUser', path: '/api/v1/user', status: 401 });
  expect(JSON.stringify(request)).not.toContain('secret');
  expect(await next()).toMatchObject({ event: 'closed', signal: 'SIGTERM' });
  expect(await once(simulator.child, 'exit')).toEqual([0, null]);
});

it.each([
  [{ SIMULATOR_PROFILE: 'XXL' }, 'SIMULATOR_PROFILE'],
  [{ SIMULATOR_PORT: 'four' }, 'SIMULATOR_PORT'],
  [{ SIMULATOR_SPEED: '0' }, 'SIMULATOR_SPEED'],
])('refuses to start with %j', async (env, name) => {
  const simulator = start(env);
  const chunks: string[] = [];
  simulator.child.stderr?.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));

  const [code] = (await once(simulator.child, 'close')) as [number];

  expect(code).not.toBe(0);
  expect(chunks.join('')).toContain(name);
});

it('listens where it is told, and names itself as callers know it', async () => {
  const simulator = start({
    SIMULATOR_PORT: '0',
    SIMULATOR_PROFILE: 'XS',
    SIMULATOR_HOST: '0.0.0.0',
    SIMULATOR_ORIGIN: 'http://simulator:4010',
  });
  const listening = JSON.parse(String((await simulator.lines.next()).value)) as Record<string, unknown>;
  expect(listening).toMatchObject({ event: 'listening', url: 'http://simulator:4010' });
});
