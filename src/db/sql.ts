import type { EntityManager } from '@mikro-orm/postgresql';
import { CompiledQuery } from 'kysely';

/** Runs SQL with bound parameters inside the entity manager's transaction; MikroORM's own `execute` writes them into the text. */
export async function query<Row>(em: EntityManager, sql: string, parameters: readonly unknown[] = []): Promise<Row[]> {
  const result = await em.getKysely().executeQuery<Row>(CompiledQuery.raw(sql, [...parameters]));
  return result.rows;
}

/** SQL for a time as ISO 8601 in UTC, to the microsecond: JavaScript's own dates would cut it. */
export const iso = (time: string): string => `to_char(${time} at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`;
