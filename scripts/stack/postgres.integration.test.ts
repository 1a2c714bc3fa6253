import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { appendFile, chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { runAndKill } from '../../test/support/doomed-parent.ts';
import { waitUntil } from '../../test/support/wait-until.ts';
import { ensureDatabase } from './ensure-database.ts';
import { removePostgresHome } from './postgres-home.ts';
import { startPostgres } from './postgres.ts';
import type { PostgresServer } from './postgres.ts';
import { isAlive } from './process-state.ts';

let root: string;
let dataDir: string;
const running: PostgresServer[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'postgres-'));
  await chmod(root, 0o755);
  dataDir = join(root, 'durable');
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.stop('immediate')));
});
afterAll(async () => {
  await removePostgresHome(dataDir);
  await rm(root, { recursive: true, force: true });
});

async function start(directory = dataDir, durable = true): Promise<PostgresServer> {
  const server = await startPostgres({ dataDir: directory, durable, log: () => {} });
  running.push(server);
  return server;
}

async function query(url: string, ...statements: string[]): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    let rows: Record<string, unknown>[] = [];
    for (const statement of statements) ({ rows } = await client.query<Record<string, unknown>>(statement));
    return rows;
  } finally {
    await client.end();
  }
}

test.each(['fast', 'immediate', 'kill'] as const)('rows survive a stop by %s and a new start', async (mode) => {
  const first = await start();
  await ensureDatabase(first, 'kept');
  const [written] = await query(
    first.url('kept', 'clockify_addon'),
    'create table if not exists mark (id int generated always as identity)',
    'insert into mark default values returning id',
  );
  await first.stop(mode);

  const second = await start();
  await ensureDatabase(second, 'kept');
  const [found] = await query(second.url('kept', 'clockify_addon'), 'select max(id) as id from mark');
  expect(found).toEqual(written);
});

test('a durable server syncs to disk, speaks UTF-8 and listens to this machine only', async () => {
  const server = await start();
  const [settings] = await query(
    server.url('postgres'),
    `select current_setting('fsync') as fsync, current_setting('server_encoding') as encoding,
            current_setting('listen_addresses') as listens`,
  );
  expect(settings).toEqual({ fsync: 'on', encoding: 'UTF8', listens: '127.0.0.1' });
});

test('row-level security binds the add-on role, owner as it is, and not the superuser', async () => {
  const server = await start();
  await ensureDatabase(server, 'guarded');
  await query(
    server.url('guarded', 'clockify_addon'),
    'create table secret (workspace_id text)',
    `insert into secret values ('a'), ('b')`,
    `create policy tenant on secret using (workspace_id = current_setting('app.workspace_id', true))`,
    'alter table secret enable row level security',
    'alter table secret force row level security',
  );
  const visible = `select workspace_id from secret order by 1`;
  expect(await query(server.url('guarded', 'clockify_addon'), visible)).toEqual([]);
  expect(await query(server.url('guarded', 'clockify_addon'), `set app.workspace_id = 'a'`, visible)).toEqual([
    { workspace_id: 'a' },
  ]);
  expect(await query(server.url('guarded'), visible)).toHaveLength(2);
});

test('a wrong password is refused', async () => {
  const server = await start();
  const url = new URL(server.url('postgres'));
  url.password = 'wrong';
  await expect(query(url.href, 'select 1')).rejects.toThrow('password authentication failed');
});

test('a lock file whose process id now belongs to another program does not stop the start', async () => {
  await (await start()).stop('fast');
  await writeFile(join(dataDir, 'data', 'postmaster.pid'), `${process.pid}\n`);
  await expect(start()).resolves.toMatchObject({ port: expect.any(Number) });
});

test('a directory that a server already serves is refused', async () => {
  await start();
  await expect(start()).rejects.toThrow('already serves');
});

test('a session that a killed server left behind is waited for', async () => {
  const first = await start();
  const client = new pg.Client({ connectionString: first.url('postgres') });
  client.on('error', () => {});
  await client.connect();
  await client.query(`set statement_timeout = '2s'`);
  // Computing, it does not notice that its server is gone.
  const computing = client.query('select count(*) from generate_series(1, 1000000000)').catch(() => {});
  await first.stop('kill');
  const second = await start();
  expect(await query(second.url('postgres'), 'select 1 as one')).toEqual([{ one: 1 }]);
  await computing;
});

test('a server that cannot start is reported at once, with its log', async () => {
  const directory = join(root, 'broken');
  await (await start(directory)).stop('fast');
  await appendFile(join(directory, 'data', 'postgresql.conf'), 'no_such_setting = on\n');
  await expect(start(directory)).rejects.toThrow(`does not start, see ${join(directory, 'server.log')}`);
  expect(await readFile(join(directory, 'server.log'), 'utf8')).toContain('no_such_setting');
});

test('a port on which somebody else listens in silence is reported with the log, not waited for', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const directory = join(root, 'taken');
  try {
    await expect(startPostgres({ dataDir: directory, port, durable: true, log: () => {} })).rejects.toThrow(
      `does not start, see ${join(directory, 'server.log')}`,
    );
    expect(await readFile(join(directory, 'server.log'), 'utf8')).toContain('Address already in use');
  } finally {
    other.close();
  }
});

test('a start that was killed while it made the cluster is made good by the next one', async () => {
  const directory = join(root, 'half');
  await mkdir(join(directory, 'data.new'), { recursive: true });
  await writeFile(join(directory, 'data.new', 'PG_VERSION'), 'half');
  const server = await start(directory, false);
  expect(await query(server.url('postgres'), 'select 1 as one')).toEqual([{ one: 1 }]);
});

test('the directory of a server that is not durable goes with it', async () => {
  const directory = `${root}-temporary`;
  const server = await start(directory, false);
  await server.stop('immediate');
  await waitUntil(() => !existsSync(directory));
});

test('kill -9 of the parent ends the server', async () => {
  const directory = join(root, 'orphan');
  const { pid } = await runAndKill<{ pid: number }>(`
    import { startPostgres } from ${JSON.stringify(new URL('postgres.ts', import.meta.url).href)};
    const { pid } = await startPostgres({ dataDir: ${JSON.stringify(directory)}, durable: true, log: () => {} });
    console.log(JSON.stringify({ pid }));
    setInterval(() => {}, 1000);`);
  await waitUntil(() => !isAlive(pid, 'postgres'));
  expect(await readFile(join(directory, 'server.log'), 'utf8')).toContain('ready to accept connections');
});

const asRoot = process.getuid?.() === 0 ? test : test.skip;
asRoot(
  'below a directory that only root can enter, the cluster lives elsewhere and is removed from there',
  async () => {
    const closed = join(root, 'closed');
    await mkdir(closed, { mode: 0o700 });
    const directory = join(closed, 'postgres');
    const server = await start(directory);
    expect(await query(server.url('postgres'), 'select 1 as one')).toEqual([{ one: 1 }]);
    const [setting] = await query(server.url('postgres'), `select current_setting('data_directory') as path`);
    expect(setting?.['path']).toMatch(/^\/var\/tmp\//);
    await server.stop('fast');
    await removePostgresHome(directory);
    expect(existsSync(setting?.['path'] as string)).toBe(false);
    expect(existsSync(directory)).toBe(false);
  },
);
