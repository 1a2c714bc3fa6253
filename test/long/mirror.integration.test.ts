import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcessByStdio } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { chmod, mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import pg from 'pg';
import { addonKey } from '../../scripts/demo/environments.ts';
import { readMirror } from '../../scripts/demo/mirror.ts';
import { createSimulator } from '../../simulator/simulator.ts';
import type { Simulator } from '../../simulator/simulator.ts';
import { createTokenMint } from '../support/token-mint.ts';
import { waitUntil } from '../support/wait-until.ts';

const root = join(import.meta.dirname, '../..');

interface Command {
  readonly process: ChildProcessByStdio<null, Readable, Readable>;
  /** Standard output and error so far. */
  readonly text: () => string;
  /** Resolves to the exit code, null after a signal. */
  readonly ended: Promise<number | null>;
}

let simulator: Simulator;
let data: string;
let workspaceId: string;
let apiKey: string;
const started: Command[] = [];

beforeAll(async () => {
  simulator = await createSimulator({ latencyMs: 5 });
  ({ workspaceId } = simulator.open({ profile: 'XS', plan: 'ENTERPRISE' }));
  ({ apiKey } = simulator.issueApiKey(workspaceId));
  data = await mkdtemp(join(tmpdir(), 'mirror-e2e-'));
  // Run as root, Postgres is another user and must be able to enter.
  await chmod(data, 0o755);
});

afterAll(async () => {
  for (const {
    process: { exitCode, signalCode },
    process: child,
    ended,
  } of started) {
    if (exitCode === null && signalCode === null) child.kill('SIGKILL');
    await ended;
  }
  await simulator.close();
  await rm(data, { recursive: true, force: true });
});

function mirror(args: readonly string[], key: string | undefined = apiKey): Command {
  const child = spawn(process.execPath, ['scripts/mirror/main.ts', '--data', data, ...args], {
    cwd: root,
    env: { PATH: process.env['PATH'], HOME: process.env['HOME'], ...(key !== '' && { CLOCKIFY_API_KEY: key }) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const output of [child.stdout, child.stderr])
    output.setEncoding('utf8').on('data', (part: string) => (text += part));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  const command = { process: child, text: () => text, ended };
  started.push(command);
  return command;
}

const copy = (...args: string[]): Command => mirror(['--api-url', simulator.url, '--workspace', workspaceId, ...args]);

async function untilSaid({ text, process: child }: Command, words: string): Promise<void> {
  await waitUntil(() => text().includes(words) || child.exitCode !== null, 120_000);
  expect(text()).toContain(words);
}

describe('is refused before anything starts', () => {
  it.each<[string, () => Command, RegExp]>([
    ['with a key as argument', () => mirror([apiKey]), /^An argument is not understood. The API key is taken from/],
    [
      'with a key that nobody has',
      () => mirror(['--api-url', simulator.url], 'unknown'),
      /^127.0.0.1:\d+ does not know this API key. Check CLOCKIFY_API_KEY, and --region.$/m,
    ],
    [
      'without a workspace, where nobody can choose',
      () => mirror(['--api-url', simulator.url]),
      /^Choose one by --workspace ID:\n1 {2}[0-9a-f]{24} {2}Simulated XS$/m,
    ],
    ['with nothing to remove', () => mirror(['--remove']), /^There is no copy in /],
  ])('%s', async (_, start, sentence) => {
    const command = start();
    expect(await command.ended).toBe(1);
    expect(command.text()).toMatch(sentence);
    expect(command.text()).not.toContain(apiKey);
    expect(await readdir(data)).toEqual([]);
  });
});

const isInvoiceRead = ({ operationId }: { operationId: string | null }): boolean => operationId === 'getInvoice';

/** As superuser: row-level security would hide the rows. */
async function adminUrl(): Promise<string> {
  const { ports } = JSON.parse(await readFile(join(data, 'mirror.json'), 'utf8')) as { ports: { postgres: number } };
  const password = await readFile(join(data, 'postgres/password'), 'utf8');
  return `postgresql://postgres:${password}@127.0.0.1:${ports.postgres}/clockify`;
}

async function rows(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: await adminUrl() });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

/** The files below the folder that hold a text: logs, Temporal's database, and the tables and log of Postgres. */
async function findFilesWith(text: string): Promise<string[]> {
  const entries = await readdir(data, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readQuietly(path).includes(text));
}

/** What goes while it is looked at held nothing. */
function readQuietly(path: string): Buffer {
  try {
    return readFileSync(path);
  } catch {
    return Buffer.alloc(0);
  }
}

describe('a copy', () => {
  let killed: Command;
  let command: Command;

  beforeAll(async () => {
    simulator.addFault(workspaceId, { kind: 'latency', ms: 250, operationId: 'getInvoice' });
    killed = copy('--yes', '--since', '2015-01-01');
    await waitUntil(() => simulator.requests(workspaceId).filter(isInvoiceRead).length > 10, 120_000);
    killed.process.kill('SIGKILL');
    await killed.ended;
    simulator.clearFaults(workspaceId);
    command = copy('--yes', '--stay');
    await untilSaid(command, 'Everything stays up');
  }, 240_000);

  it('shows its cost before it starts', () => {
    expect(killed.text()).toMatch(
      /About \d+ requests, give or take \d+; all of them read, none writes\.[^]*Bootstrap RUNNING/,
    );
  });

  it('that was killed goes on where it was, and proves itself', () => {
    expect(command.text()).toContain('A copy is RUNNING already: going on where it was');
    expect(command.text()).toMatch(/^time_entries +[\d,]+ +[\d,]+ {2}yes: every list of its parents$/m);
    expect(command.text()).toMatch(/^Run COMPLETED, \d+ requests$/m);
  });

  it('holds what is in Clockify, by count and contents', async () => {
    const truth = Object.entries(simulator.truth(workspaceId)).filter(([, { count }]) => count > 0);
    const stored = await readMirror(await adminUrl(), workspaceId);
    const planned = truth.filter(([entity]) => stored.has(entity));
    expect(Object.fromEntries(stored)).toEqual(Object.fromEntries(planned));
    expect([...stored.keys()]).toEqual(expect.arrayContaining(['time_entries', 'tasks', 'invoice_details', 'users']));
  });

  it('sends the key alone, never beside or instead of an add-on token, to read, within the limit', () => {
    const requests = simulator.requests();
    const others = requests.filter(({ tokenKind }) => tokenKind !== 'personal');
    // Of the refusal above: the simulator cannot tell whose key that was.
    expect(others).toEqual([expect.objectContaining({ operationId: 'getLoggedUser', status: 401 })]);
    const writes = requests.filter(
      ({ method, operationId }) => method !== 'GET' && operationId !== 'getTimeOffRequest',
    );
    expect(writes).toEqual([]);
    expect(simulator.ledger(workspaceId).maxInAnySecond).toBeLessThanOrEqual(50);
    expect(simulator.ledger(workspaceId).statuses).toEqual({ 200: expect.any(Number) });
  });

  it('leaves the key in no log, no history, no table and no other process', async () => {
    expect(await findFilesWith(apiKey)).toEqual([]);
    const seen = await findFilesWith(workspaceId);
    for (const place of ['temporal.db', 'postgres/data/base', 'postgres/data/pg_wal', 'logs/worker-1.log']) {
      expect(seen.some((path) => path.startsWith(join(data, place)))).toBe(true);
    }
    const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
    const others = pids.filter((pid) => pid !== String(command.process.pid));
    expect(others.filter((pid) => readQuietly(`/proc/${pid}/environ`).includes(apiKey))).toEqual([]);
    expect(pids.filter((pid) => readQuietly(`/proc/${pid}/cmdline`).includes(apiKey))).toEqual([]);
    expect(killed.text() + command.text()).not.toContain(apiKey);
  });

  describe('by its local page', () => {
    const call = (path: string, body?: object, headers: Record<string, string> = {}) => {
      const [, origin = '', token = ''] = /(http\S+)\/ui\?auth_token=(\S+)/.exec(command.text()) ?? [];
      return fetch(`${origin}${path}`, {
        headers: { 'x-addon-token': token, 'content-type': 'application/json', ...headers },
        ...(body !== undefined && { method: 'POST', body: JSON.stringify(body) }),
      });
    };
    const status = async () => (await (await call(`/bootstrap/${workspaceId}/status`)).json()) as { status: string };

    it('is shown as complete', async () => {
      expect((await call('/ui')).status).toBe(200);
      expect(await status()).toMatchObject({ status: 'COMPLETED', workspaceId });
    });

    it('hears no lifecycle call, whatever Clockify may have signed', async () => {
      const mint = createTokenMint();
      const ref = { workspaceId, addonId: 'b'.repeat(24) };
      const token = mint.signClaims({ ...mint.claimsOf.lifecycle(ref), sub: addonKey });
      const refused = await call('/lifecycle/deleted', ref, { 'x-addon-lifecycle-token': token });
      expect([refused.status, await refused.json()]).toEqual([
        401,
        expect.objectContaining({ error: 'invalid_token' }),
      ]);
    });

    it('is kept when the key dies: the run fails, and nothing is destroyed', async () => {
      simulator.addFault(workspaceId, {
        kind: 'status',
        status: 401,
        body: '{"message":"Api key does not exist","code":4003}',
        operationId: 'getTags',
      });
      expect((await call(`/bootstrap/${workspaceId}`, { only: ['tags'] })).status).toBe(200);
      await waitUntil(async () => (await status()).status === 'FAILED', 60_000);
      expect(await rows('select kind, status from installations')).toEqual([{ kind: 'personal', status: 'active' }]);
      expect((await readMirror(await adminUrl(), workspaceId)).has('tags')).toBe(true);
    }, 90_000);
  });

  it('ends with success when it was complete', async () => {
    command.process.kill('SIGTERM');
    expect(await command.ended).toBe(0);
  }, 60_000);

  it('is removed with everything that was kept for it', async () => {
    const removal = mirror(['--remove'], '');
    expect(await removal.ended).toBe(0);
    expect(removal.text()).toContain(`Removing the copy of workspace ${workspaceId}`);
    expect(await readdir(data)).toEqual([]);
  }, 120_000);
});
