import { existsSync } from 'node:fs';
import { Connection } from '@temporalio/client';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { createTestDatabase } from './postgres.ts';
import type { TestDatabase } from './postgres.ts';
import { sharedPart } from './shared-part.ts';
import { testTemporal, testWorkflowBundle } from './temporal.ts';

async function query(url: string, statement: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(statement)).rows;
  } finally {
    await client.end();
  }
}

describe('a test database', () => {
  let first: TestDatabase;
  let second: TestDatabase;
  beforeAll(async () => {
    [first, second] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  });
  afterAll(() => Promise.all([first.drop(), second.drop()]));

  test('is migrated', async () => {
    const tables = await query(first.url, `select tablename from pg_tables where schemaname = 'public'`);
    expect(tables).toContainEqual({ tablename: 'workspace_data' });
  });

  test('is opened as a role that row-level security binds', async () => {
    const [role] = await query(
      first.url,
      `select rolname, rolsuper, rolbypassrls from pg_roles where rolname = current_user`,
    );
    expect(role).toEqual({ rolname: 'clockify_addon', rolsuper: false, rolbypassrls: false });
  });

  test('shares nothing with another one', async () => {
    await query(first.url, 'create table only_here ()');
    await expect(query(second.url, 'select from only_here')).rejects.toThrow('does not exist');
  });

  test('can be changed by the role that opens it', async () => {
    const owners = await query(first.url, `select distinct tableowner from pg_tables where schemaname = 'public'`);
    expect(owners).toEqual([{ tableowner: 'clockify_addon' }]);
  });
});

describe('the shared Temporal server', () => {
  test('has the namespace and the search attributes that workflows use', async () => {
    const { address } = await testTemporal();
    const connection = await Connection.connect({ address });
    try {
      const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace: 'default' });
      expect(Object.keys(customAttributes)).toEqual(
        expect.arrayContaining(['WorkspaceId', 'AddonId', 'Entity', 'RequestId']),
      );
    } finally {
      await connection.close();
    }
  });

  test('is the same for everybody who asks', async () => {
    expect(await testTemporal()).toEqual(await testTemporal());
  });
});

test('the workflow bundle is a file that every test file can load', async () => {
  const { codePath } = await testWorkflowBundle();
  expect(existsSync(codePath)).toBe(true);
});

test('a part that cannot start says why', async () => {
  await expect(sharedPart('nothing' as 'temporal')).rejects.toThrow('nothing did not start');
});
