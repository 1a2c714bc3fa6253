import { createHash } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase } from '../../test/support/postgres.ts';
import type { TestDatabase } from '../../test/support/postgres.ts';
import { readMirror } from './mirror.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
  const client = new pg.Client({ connectionString: database.adminUrl });
  await client.connect();
  const insert = `insert into workspace_data
    (workspace_id, entity_type, entity_id, payload, hash, version, observed_at, changed_at, deleted_at)
    values ($1, $2, $3, '{}', $4, 1, now(), now(), $5)`;
  // Under a natural-language order `a1` would come before `B2`, and not after it.
  await client.query(insert, ['w1', 'tags', 'a1', 'hash-a', null]);
  await client.query(insert, ['w1', 'tags', 'B2', 'hash-b', null]);
  await client.query(insert, ['w1', 'tags', 'gone', 'hash-c', new Date()]);
  await client.query(insert, ['w1', 'clients', 'c1', 'hash-d', null]);
  await client.query(insert, ['w2', 'tags', 'foreign', 'hash-e', null]);
  await client.end();
});
afterAll(() => database.drop());

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

test('live rows of the workspace are counted and summed up, whatever the order of writing', async () => {
  expect(await readMirror(database.adminUrl, 'w1')).toEqual(
    new Map([
      ['tags', { count: 2, hash: sha256('B2:hash-b\na1:hash-a') }],
      ['clients', { count: 1, hash: sha256('c1:hash-d') }],
    ]),
  );
});

test('a workspace without rows is empty', async () => {
  expect(await readMirror(database.adminUrl, 'unknown')).toEqual(new Map());
});
