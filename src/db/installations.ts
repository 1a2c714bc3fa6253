import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { InstallationRef } from '../domain/contract.ts';
import { AddonError } from '../domain/errors.ts';
import { Installation } from './installation.entity.ts';
import { withWorkspace } from './orm.ts';
import { query } from './sql.ts';

/** Reads one installation, in whatever status. Throws `not_found`. */
export async function getInstallation(orm: MikroORM, { workspaceId, addonId }: InstallationRef): Promise<Installation> {
  const installation = await withWorkspace(orm, workspaceId, (em) =>
    em.findOne(Installation, { workspaceId, addonId }),
  );
  if (installation === null) throw new AddonError('not_found', 'The add-on is not installed there.');
  return installation;
}

/** One transaction; what changes the installations of a workspace takes turns, so that outbox ids tell their order. */
export function withLifecycleTurn<T>(
  orm: MikroORM,
  workspaceId: string,
  work: (em: EntityManager) => Promise<T>,
): Promise<T> {
  return withWorkspace(orm, workspaceId, async (em) => {
    await query(em, `select pg_advisory_xact_lock(hashtextextended('lifecycle:' || $1, 0))`, [workspaceId]);
    return work(em);
  });
}
