import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { sharedPart } from './shared-part.ts';

export interface TestDatabase {
  /** As the role the add-on runs as: row-level security applies. */
  readonly url: string;
  /** As superuser: row-level security does not apply. */
  readonly adminUrl: string;
  /** Connections as superuser. */
  readonly admin: pg.Pool;
  drop(): Promise<void>;
}

async function administer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

function withDatabase(url: string, name: string): string {
  const changed = new URL(url);
  changed.pathname = name;
  return changed.href;
}

/** A migrated, empty database of the caller's own (some 20 ms: a copy of a template). */
export async function createTestDatabase(): Promise<TestDatabase> {
  const { adminUrl, appUrl, template } = await sharedPart('postgres');
  const name = `test_${randomBytes(8).toString('hex')}`;
  await administer(adminUrl, `create database ${name} template ${template} owner clockify_addon`);
  const ownAdminUrl = withDatabase(adminUrl, name);
  const admin = new pg.Pool({ connectionString: ownAdminUrl });
  // A pool has ended before its connections have: dropping the database cuts what is still on its way out.
  admin.on('error', () => {});
  return {
    url: withDatabase(appUrl, name),
    adminUrl: ownAdminUrl,
    admin,
    async drop() {
      await admin.end();
      await administer(adminUrl, `drop database ${name} with (force)`);
    },
  };
}
