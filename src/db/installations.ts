import type { MikroORM } from '@mikro-orm/postgresql';
import type { InstallationRef } from '../domain/contract.ts';
import { AddonError } from '../domain/errors.ts';
import { Installation } from './installation.entity.ts';
import { withWorkspace } from './orm.ts';

/** Reads one installation, in whatever status. Throws `not_found`. */
export async function getInstallation(orm: MikroORM, { workspaceId, addonId }: InstallationRef): Promise<Installation> {
  const installation = await withWorkspace(orm, workspaceId, (em) =>
    em.findOne(Installation, { workspaceId, addonId }),
  );
  if (installation === null) throw new AddonError('not_found', 'The add-on is not installed there.');
  return installation;
}
