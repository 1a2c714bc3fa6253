import { createOrm } from './orm.ts';

/** Two replicas that start at once migrate one after the other: MikroORM itself takes no lock. */
const migrationLock = 7_120_331;

/** Large tables take their time, and a second replica waits for the first. */
const longestStatementMs = 60 * 60_000;

/** Brings the schema to the newest migration. Safe to run again and from several places at once. */
export async function migrate(databaseUrl: string): Promise<void> {
  const orm = createOrm(databaseUrl, { longestStatementMs });
  const lockHolder = createOrm(databaseUrl, { longestStatementMs });
  try {
    await lockHolder.em.transactional(async (em) => {
      await em.execute('set local lock_timeout = 0');
      await em.execute(`select pg_advisory_xact_lock(${migrationLock})`);
      await orm.migrator.up();
    });
  } finally {
    await orm.close(true);
    await lockHolder.close(true);
  }
}

if (import.meta.main) {
  const databaseUrl = process.env['DATABASE_URL'];
  if (!databaseUrl) throw new Error('DATABASE_URL is required');
  await migrate(databaseUrl);
}
