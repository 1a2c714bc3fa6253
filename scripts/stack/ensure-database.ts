import pg from 'pg';
import type { PostgresServer } from './postgres.ts';

const role = 'clockify_addon';

async function exists(client: pg.Client, table: 'pg_roles' | 'pg_database', name: string): Promise<boolean> {
  const column = table === 'pg_roles' ? 'rolname' : 'datname';
  const { rowCount } = await client.query(`select 1 from ${table} where ${column} = $1`, [name]);
  return rowCount === 1;
}

/**
 * Makes the database and the role that owns it, where they are missing. The role is neither superuser nor exempt from
 * row-level security, so the policies bind it as they bind the add-on in production.
 */
export async function ensureDatabase(server: Pick<PostgresServer, 'url'>, name: string): Promise<void> {
  const client = new pg.Client({ connectionString: server.url('postgres') });
  await client.connect();
  try {
    const password = client.escapeLiteral(new URL(server.url('postgres', role)).password);
    if (!(await exists(client, 'pg_roles', role))) {
      await client.query(`create role ${role} login nosuperuser nobypassrls password ${password}`);
    }
    if (await exists(client, 'pg_database', name)) return;
    await client.query(`create database ${client.escapeIdentifier(name)} owner ${role}`);
  } finally {
    await client.end();
  }
}
