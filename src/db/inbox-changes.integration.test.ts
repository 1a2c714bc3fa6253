import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import pg from 'pg';
import { addInboxRow } from '../../test/support/inbox-rows.ts';
import { install, openTestMirror, owner, stranger } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { loadChanges } from './inbox-changes.ts';

let mirror: TestMirror;
beforeAll(async () => {
  mirror = await openTestMirror();
});
afterAll(() => mirror.close());
beforeEach(async () => {
  await mirror.reset();
  await install(mirror.orm);
});

const look = async (since: string, limit = 500) => {
  const { lines, until } = await loadChanges(mirror.orm, owner, since, limit);
  return { ids: lines.map(({ id }) => id), until };
};
const now = async () => (await look('infinity')).until;

test('what came or changed since a moment is told, the last change first', async () => {
  const old = await addInboxRow(mirror, owner, { state: 'received' });
  const changing = await addInboxRow(mirror, owner, { state: 'received' });
  const since = await now();
  const newest = await addInboxRow(mirror, owner);
  await mirror.rows(`update webhook_events set state = 'processed' where id = $1`, [changing]);
  expect((await look(since)).ids).toEqual([changing, newest]);
  expect((await look(since, 1)).ids).toEqual([changing]);
  expect((await look('-infinity')).ids).toContain(old);
});

test('what another workspace got is not told', async () => {
  const since = await now();
  await addInboxRow(mirror, stranger);
  expect((await look(since)).ids).toEqual([]);
});

test('the next look goes on where this one ended', async () => {
  const first = await look(await now());
  const id = await addInboxRow(mirror, owner);
  const second = await look(first.until);
  expect(second.ids).toEqual([id]);
  expect((await look(second.until)).ids).toEqual([]);
});

test('a change that was made before a look and becomes visible after it is told by the next', async () => {
  const id = await addInboxRow(mirror, owner, { state: 'received' });
  const start = await now();
  const client = new pg.Client({ connectionString: mirror.url });
  await client.connect();
  try {
    await client.query(`begin; select set_config('app.workspace_id', '${owner.workspaceId}', true)`);
    await client.query(`update webhook_events set state = 'parked' where id = ${id}`);
    const meanwhile = await addInboxRow(mirror, owner);
    const before = await look(start);
    expect(before.ids).toEqual([meanwhile]);
    await client.query('commit');
    expect(new Set((await look(before.until)).ids)).toEqual(new Set([id, meanwhile]));
  } finally {
    await client.end();
  }
});
