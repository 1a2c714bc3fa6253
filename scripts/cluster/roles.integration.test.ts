import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { migrate } from '../../src/db/migrate.ts';
import { startPostgres } from '../stack/postgres.ts';
import type { PostgresServer } from '../stack/postgres.ts';
import { runPsqlScript } from './psql-script.ts';

const dataDir = join(tmpdir(), `cluster-roles-${randomUUID()}`);
const passwords = { owner_password: 'of-owner', app_password: 'of-app', temporal_password: 'of-temporal' };
let server: PostgresServer;

const makeRoles = async (variables: Record<string, string> = passwords): Promise<void> =>
  runPsqlScript({
    script: await readFile(new URL('../../deploy/postgres/roles.sql', import.meta.url), 'utf8'),
    variables,
    urlOf: (database) => server.url(database),
  });

function urlAs(role: string, password: string, database = 'clockify'): string {
  const url = new URL(server.url(database));
  return Object.assign(url, { username: role, password }).href;
}

async function query(connectionString: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(sql)).rows;
  } finally {
    await client.end();
  }
}

beforeAll(async () => {
  server = await startPostgres({ dataDir, durable: false, log: () => {} });
  await makeRoles();
  await migrate(urlAs('clockify_owner', 'of-owner'));
});
afterAll(async () => {
  await server.stop('immediate');
  await rm(dataDir, { recursive: true, force: true });
});

test('no role may bypass row-level security', async () => {
  const roles = await query(
    server.url('postgres'),
    "select rolname from pg_roles where rolname ~ '^(clockify|temporal)' and (rolsuper or rolbypassrls)",
  );
  expect(roles).toEqual([]);
});

test('the add-on reads and writes what the owner has migrated, and row-level security binds it', async () => {
  const app = urlAs('clockify_addon', 'of-app');
  const insert = `insert into webhook_registrations values ('w1', 'a1', '/hook', 'NEW_TAG', 'webhook', 'digest', now())`;
  await expect(query(app, insert)).rejects.toThrow('row-level security');
  await query(app, `begin; select set_config('app.workspace_id', 'w1', true); ${insert}; commit`);
  expect(await query(app, 'select * from webhook_registrations')).toEqual([]);
});

test('the add-on cannot change the schema', async () => {
  const app = urlAs('clockify_addon', 'of-app');
  await expect(query(app, 'create table own (id int)')).rejects.toThrow('permission denied');
  await expect(query(app, 'alter table webhook_registrations disable row level security')).rejects.toThrow(
    'must be owner',
  );
});

test('Temporal and the add-on cannot enter the database of the other', async () => {
  await expect(query(urlAs('temporal', 'of-temporal'), 'select 1')).rejects.toThrow('permission denied for database');
  await expect(query(urlAs('clockify_addon', 'of-app', 'temporal'), 'select 1')).rejects.toThrow('permission denied');
});

test('run again it changes a password and nothing else', async () => {
  await makeRoles({ ...passwords, app_password: 'changed' });
  await expect(query(urlAs('clockify_addon', 'of-app'), 'select 1')).rejects.toThrow('password authentication failed');
  expect(await query(urlAs('clockify_addon', 'changed'), 'select 1 as one')).toEqual([{ one: 1 }]);
});
