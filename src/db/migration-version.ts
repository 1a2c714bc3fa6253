import { readdir } from 'node:fs/promises';
import type { MikroORM } from '@mikro-orm/postgresql';
import { query } from './sql.ts';

export interface MigrationVersion {
  /** The newest migration of this code. */
  readonly expected: string;
  /** The newest one the database has. */
  readonly applied: string | null;
}

/** Compares the schema of the database with the one this code was written for; changes nothing. */
export async function loadMigrationVersion(orm: MikroORM): Promise<MigrationVersion> {
  const files = await readdir(new URL('migrations', import.meta.url));
  const expected = files
    .filter((name) => /^Migration\d+\.ts$/.test(name))
    .map((name) => name.replace('.ts', ''))
    .sort()
    .at(-1);
  const rows = await query<{ name: string }>(
    orm.em.fork(),
    'select name from mikro_orm_migrations order by name desc limit 1',
  );
  return { expected: expected ?? '', applied: rows[0]?.name ?? null };
}
