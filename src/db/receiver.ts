import type { MikroORM } from '@mikro-orm/postgresql';
import { query } from './sql.ts';

/** Clockify repeats a delivery for a few minutes and then gives it up; two minutes leave room for a slow start. */
const longestAbsence = '2 minutes';

/**
 * Says that an API is there to take deliveries; to be said more often than every two minutes. Who comes back after
 * nobody was there for so long notes the gap.
 */
export async function noteAlive(orm: MikroORM): Promise<void> {
  await query(
    orm.em.fork(),
    `insert into receiver as r (id, alive_at) values (1, clock_timestamp())
     on conflict (id) do update set alive_at = clock_timestamp(),
       gap_ended_at = case when r.alive_at < clock_timestamp() - interval '${longestAbsence}'
         then clock_timestamp() else r.gap_ended_at end`,
  );
}
