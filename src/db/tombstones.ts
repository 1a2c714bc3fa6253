import type { EntityManager } from '@mikro-orm/postgresql';
import type { InstallationRef } from '../domain/contract.ts';
import { digestInstallation } from '../domain/tombstone.ts';
import { query } from './sql.ts';

const keptFor = `interval '400 days'`;

/** Remembers a purged installation; those that were purged long ago are forgotten. */
export async function addTombstone(em: EntityManager, ref: InstallationRef): Promise<void> {
  await query(em, `delete from tombstones where purged_at < clock_timestamp() - ${keptFor}`);
  await query(em, 'insert into tombstones (digest, purged_at) values ($1, clock_timestamp()) on conflict do nothing', [
    digestInstallation(ref),
  ]);
}

/** Whether the installation was purged within the last 400 days. */
export async function isPurged(em: EntityManager, ref: InstallationRef): Promise<boolean> {
  const found = await query(
    em,
    `select from tombstones where digest = $1 and purged_at >= clock_timestamp() - ${keptFor}`,
    [digestInstallation(ref)],
  );
  return found.length > 0;
}
