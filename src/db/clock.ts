import type { MikroORM } from '@mikro-orm/postgresql';
import { query } from './sql.ts';

/** How far this process's clock is ahead of the database's, in milliseconds. */
export async function measureClockSkew(orm: MikroORM, clock: () => number = Date.now): Promise<number> {
  const before = clock();
  const [row] = await query<{ now: number }>(
    orm.em.fork(),
    'select extract(epoch from clock_timestamp())::float8 * 1000 as now',
  );
  return (before + clock()) / 2 - (row?.now ?? NaN);
}
