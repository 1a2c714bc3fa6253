import { expect, it } from '@jest/globals';
import { createTestDatabase } from './postgres.ts';

it('outlives that the server ends its idle connections, as dropping the database does', async () => {
  const database = await createTestDatabase();
  const { admin } = database;
  const idle = await admin.connect();
  const killer = await admin.connect();
  idle.release();
  const gone = new Promise((resolve) => admin.once('remove', resolve));
  await killer.query(
    'select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()',
  );
  await gone;
  killer.release();
  expect((await admin.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await database.drop();
});
