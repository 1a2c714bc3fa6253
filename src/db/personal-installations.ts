import type { MikroORM } from '@mikro-orm/postgresql';
import type { InstallationRef } from '../domain/contract.ts';
import { buildPersonalId } from '../domain/contract.ts';
import { AddonError } from '../domain/errors.ts';
import { Installation } from './installation.entity.ts';
import { withLifecycleTurn } from './installations.ts';
import { addOutboxMessage } from './outbox.ts';

/** A workspace that somebody's own API key opens; the key is sealed for the row that `buildPersonalId` names. */
export interface NewPersonalInstallation {
  readonly workspaceId: string;
  readonly userId: string;
  readonly apiUrl: string;
  readonly reportsUrl: string;
  readonly token: string;
  readonly tokenDigest: string;
}

/**
 * Stores the key for a workspace, or puts it in the place of an earlier one of the same person. Throws `conflict` where
 * an add-on or another person's key copies the workspace already.
 */
export async function savePersonalInstallation(
  orm: MikroORM,
  { workspaceId, userId, ...access }: NewPersonalInstallation,
): Promise<InstallationRef> {
  const ref = { workspaceId, addonId: buildPersonalId(userId) };
  await withLifecycleTurn(orm, workspaceId, async (em) => {
    const known = await em.find(Installation, { workspaceId });
    if (known.some(({ addonId }) => addonId !== ref.addonId)) {
      throw new AddonError('conflict', 'The workspace is copied here already, by an add-on or with another key.');
    }
    const now = new Date();
    const common = { ...access, status: 'active', updatedAt: now } as const;
    if (known[0] !== undefined) return void Object.assign(known[0], common);
    em.create(Installation, {
      ...ref,
      ...common,
      kind: 'personal',
      ownerUserId: userId,
      settings: {},
      installedAt: now,
    });
  });
  return ref;
}

/** Puts the copies made with personal keys of a workspace out of use; their purge is on its way. Returns which. */
export function endPersonalInstallations(
  orm: MikroORM,
  workspaceId: string,
  requestId: string,
): Promise<InstallationRef[]> {
  return withLifecycleTurn(orm, workspaceId, async (em) => {
    const found = await em.find(Installation, { workspaceId, kind: 'personal' });
    for (const installation of found) {
      const { addonId } = installation;
      Object.assign(installation, { status: 'superseded', updatedAt: new Date() });
      await addOutboxMessage(em, { workspaceId, addonId, event: 'superseded', payload: { requestId } });
    }
    return found.map(({ addonId }) => ({ workspaceId, addonId }));
  });
}
