import { afterEach, describe, expect, it, test } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseExposition } from '../../test/support/exposition.ts';
import { addonKey, createTokenMint } from '../../test/support/token-mint.ts';

const root = join(import.meta.dirname, '../..');
const owner = { workspaceId: 'a'.repeat(24), addonId: 'b'.repeat(24) };
const mint = createTokenMint();

let children: ChildProcess[] = [];
let directories: string[] = [];
afterEach(async () => {
  for (const child of children) child.kill('SIGKILL');
  await Promise.all(directories.map((directory) => rm(directory, { recursive: true, force: true })));
  [children, directories] = [[], []];
});

interface Api {
  readonly child: ChildProcess;
  /** What it wrote so far. */
  readonly output: () => string;
  readonly exit: Promise<number | null>;
}

function startApi(env: Record<string, string>): Api {
  const child = spawn(process.execPath, ['--disable-proto=delete', join(root, 'src/api/main.ts')], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  const exit = once(child, 'exit').then(([code]) => code as number | null);
  return { child, output: () => output, exit };
}

async function baseEnv(): Promise<Record<string, string>> {
  const directory = await mkdtemp(join(tmpdir(), 'api-main-'));
  directories.push(directory);
  return {
    BASE_URL: 'http://localhost:8000',
    ADDON_KEY: addonKey,
    DATABASE_URL: 'postgresql://app:hunter2@127.0.0.1:1/absent',
    TOKEN_ENCRYPTION_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
    CLOCKIFY_PUBLIC_KEYS: mint.pem,
    TEMPORAL_ADDRESS: '127.0.0.1:1',
    SPOOL_DIRECTORY: join(directory, 'spool'),
    HOST: '127.0.0.1',
    PORT: '0',
  };
}

/** Resolves with the address once the process listens. */
async function listening({ child, output }: Api): Promise<string> {
  for (;;) {
    const port = /"port":(\d+)[^\n]*"msg":"listening"/.exec(output())?.[1];
    if (port !== undefined) return `http://127.0.0.1:${port}`;
    if (child.exitCode !== null || child.stdout === null) throw new Error(output());
    await once(child.stdout, 'data');
  }
}

const install = (url: string, token = mint.lifecycle(owner)) =>
  fetch(`${url}/lifecycle/installed`, {
    method: 'POST',
    headers: { 'x-addon-lifecycle-token': token, 'content-type': 'application/json' },
    body: JSON.stringify({ ...owner, authToken: mint.installation(owner), apiUrl: 'https://api.clockify.me/api' }),
  });

describe('a wrong configuration ends the start', () => {
  it('with one line for each fault and no value', async () => {
    const env = { ...(await baseEnv()), BASE_URL: 'nowhere', TOKEN_ENCRYPTION_KEYS: 'hunter3', CLOCKIFY_TYPO: 'x' };
    const api = startApi(env);
    expect(await api.exit).toBe(1);
    expect(api.output()).toMatch(/^CLOCKIFY_TYPO: .*\nBASE_URL: .*\nTOKEN_ENCRYPTION_KEYS: /m);
    expect(api.output()).not.toMatch(/hunter|nowhere/);
  });

  it('also when everything is missing', async () => {
    const api = startApi({});
    expect(await api.exit).toBe(1);
    expect(api.output()).toMatch(/DATABASE_URL: is required/);
  });
});

test('it starts without Postgres and Temporal, takes an installation, and ends cleanly on SIGTERM', async () => {
  const api = startApi(await baseEnv());
  const url = await listening(api);
  expect((await fetch(`${url}/health`)).status).toBe(200);
  expect((await fetch(`${url}/ready`)).status).toBe(503);
  expect((await install(url)).status).toBe(204);
  const metrics = parseExposition(await (await fetch(`${url}/metrics`)).text());
  expect([...(metrics.get('clockify_queue_depth')?.samples ?? [])]).toEqual([
    ['clockify_queue_depth{queue="spool"}', 1],
  ]);
  api.child.kill('SIGTERM');
  expect(await api.exit).toBe(0);
  expect(api.output()).toContain('"msg":"shut down"');
  expect(api.output()).not.toMatch(/eyJ|hunter2/);
});

test('verification cannot be switched off', async () => {
  const switches = { REQUIRE_SIGNATURE_VERIFICATION: 'false', DEBUG: 'true', ENVIRONMENT: 'development' };
  const api = startApi({ ...(await baseEnv()), ...switches });
  const url = await listening(api);
  const forged = createTokenMint().lifecycle(owner);
  expect((await install(url, forged)).status).toBe(401);
});

test('the current and the next key are both accepted, an unknown one is not', async () => {
  const next = createTokenMint();
  const api = startApi({ ...(await baseEnv()), CLOCKIFY_PUBLIC_KEYS: [mint.pem, next.pem].join('') });
  const url = await listening(api);
  expect((await install(url)).status).toBe(204);
  expect((await install(url, next.lifecycle(owner))).status).toBe(204);
  expect((await install(url, createTokenMint().lifecycle(owner))).status).toBe(401);
});
