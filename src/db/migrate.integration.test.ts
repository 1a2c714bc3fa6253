import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { openTestMirror } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { migrate } from './migrate.ts';
import { loadMigrationVersion } from './migration-version.ts';

let mirror: TestMirror;
beforeAll(async () => {
  mirror = await openTestMirror();
});
afterAll(() => mirror.close());

const applied = () => mirror.rows('select name from mikro_orm_migrations order by name');
const describeSchema = () =>
  mirror.rows(
    `select table_name, column_name, data_type, is_nullable, column_default from information_schema.columns
     where table_schema = 'public' and table_name <> 'mikro_orm_migrations' order by table_name, column_name`,
  );

describe('a migrated database', () => {
  it('has the schema that the entities describe', async () => {
    expect(await mirror.orm.migrator.checkSchema()).toBe(false);
  });

  it('has the newest migration of this code', async () => {
    const { expected, applied: newest } = await loadMigrationVersion(mirror.orm);
    expect(newest).toBe(expected);
    expect(expected).toMatch(/^Migration\d{14}$/);
  });

  it('is left alone by another migration', async () => {
    const before = [await applied(), await describeSchema()];
    await migrate(mirror.url);
    expect([await applied(), await describeSchema()]).toEqual(before);
  });
});

describe('an empty database', () => {
  it('is migrated once by two that start at the same time', async () => {
    const [before, schema] = [await applied(), await describeSchema()];
    await mirror.rows('drop schema public cascade');
    await mirror.rows('create schema public authorization clockify_addon');
    await Promise.all([migrate(mirror.url), migrate(mirror.url)]);
    expect([await applied(), await describeSchema()]).toEqual([before, schema]);
  });

  it('can be migrated back to nothing', async () => {
    await mirror.orm.migrator.down({ to: 0 });
    expect(await describeSchema()).toEqual([]);
    expect(await mirror.rows(`select proname from pg_proc where proname = 'take_slot'`)).toEqual([]);
    expect(await loadMigrationVersion(mirror.orm)).toMatchObject({ applied: null });
  });
});

it('a database that is behind says by which migration', async () => {
  await migrate(mirror.url);
  await mirror.rows(`update mikro_orm_migrations set name = 'Migration20200101000000'`);
  const { expected, applied: newest } = await loadMigrationVersion(mirror.orm);
  expect(newest).toBe('Migration20200101000000');
  expect(newest).not.toBe(expected);
});

it('a database that is away fails the migration', async () => {
  const away = new URL(mirror.url);
  away.port = '1';
  await expect(migrate(away.href)).rejects.toThrow();
});
