import type { MikroORM } from '@mikro-orm/postgresql';
import { applyInstalled } from '../../src/db/lifecycle.ts';
import { commitPage } from '../../src/db/mirror.ts';
import type { LoopRef, MirrorRow, PageCommit } from '../../src/db/mirror.ts';
import { createOrm } from '../../src/db/orm.ts';
import { claimLoop, openRun } from '../../src/db/runs.ts';
import type { NewRun, RunRef } from '../../src/db/runs.ts';
import type { InstallationRef } from '../../src/domain/contract.ts';
import { firstPage, startCursor } from '../../src/domain/paging.ts';
import { createTestDatabase } from './postgres.ts';

export const owner: InstallationRef = { workspaceId: 'a'.repeat(24), addonId: 'b'.repeat(24) };
export const stranger: InstallationRef = { workspaceId: 'f'.repeat(24), addonId: 'e'.repeat(24) };
export const firstRun: RunRef = { ...owner, runId: 'run-1' };

/** A database of the test's own, without anything around it. */
export interface TestMirror {
  readonly url: string;
  readonly orm: MikroORM;
  /** Runs SQL as superuser: row-level security does not hide rows. */
  rows(sql: string, parameters?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  reset(): Promise<void>;
  close(): Promise<void>;
}

export async function openTestMirror(): Promise<TestMirror> {
  const database = await createTestDatabase();
  const orm = createOrm(database.url);
  const { admin } = database;
  const tables = await admin.query<{ names: string }>(`select string_agg(tablename, ', ') as names from pg_tables
    where schemaname = 'public' and tablename <> 'mikro_orm_migrations'`);
  return {
    url: database.url,
    orm,
    async rows(sql, parameters = []) {
      return (await admin.query<Record<string, unknown>>(sql, [...parameters])).rows;
    },
    async reset() {
      await admin.query(`truncate ${tables.rows[0]?.names}`);
    },
    async close() {
      await orm.close();
      await database.drop();
    },
  };
}

export async function install(
  orm: MikroORM,
  ref: InstallationRef = owner,
  apiUrl = 'https://api.clockify.me/api/v1',
): Promise<void> {
  const installation = {
    ...ref,
    apiUrl,
    reportsUrl: null,
    ownerUserId: 'd'.repeat(24),
    asUser: null,
    addonUserId: null,
    token: 'v1.sealed',
    tokenDigest: 'digest',
  };
  const webhooks = [{ path: '/webhooks/clockify/NEW_TAG', event: 'NEW_TAG', tokenDigest: 'hook' }];
  await applyInstalled(orm, { installation, webhooks }, 'request-1');
}

/** Opens a run that reads tags by one loop and tasks by two, unless told otherwise. */
export async function startRun(orm: MikroORM, changes: Partial<NewRun> = {}): Promise<void> {
  await openRun(orm, {
    ...firstRun,
    options: { scope: 'standard', timeEntries: true },
    requestId: 'request-1',
    plan: [
      { entity: 'tags', loops: 1, after: [] },
      { entity: 'tasks', loops: 2, after: [] },
    ],
    pageSizeOf: () => 200,
    ...changes,
  });
}

/** Commits a page of rows as a page loop would. */
export async function storePage(
  orm: MikroORM,
  ref: LoopRef,
  rows: readonly (Pick<MirrorRow, 'id'> & Partial<MirrorRow>)[],
  changes: Partial<PageCommit> = {},
): Promise<void> {
  const { fence } = await claimLoop(orm, ref);
  await commitPage(orm, ref, {
    fence,
    cursor: { ...startCursor(200), list: { ...firstPage, rows: rows.length } },
    rows: rows.map((row) => ({ parent: null, payload: { id: row.id }, hash: row.id, ...row })),
    requests: 1,
    observedAt: new Date().toISOString(),
    isPage: true,
    ...changes,
  });
}
