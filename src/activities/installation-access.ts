import type { MikroORM } from '@mikro-orm/postgresql';
import type { Credential } from '../clockify/client.ts';
import { getInstallation } from '../db/installations.ts';
import type { Installation } from '../db/installation.entity.ts';
import { buildTokenContext } from '../domain/contract.ts';
import type { InstallationRef } from '../domain/contract.ts';
import type { TokenSeal } from '../platform/token-seal.ts';

export interface Access {
  readonly installation: Installation;
  readonly credential: Credential;
}

/** What the row of an installation opens Clockify with. */
export const openCredential = (seal: TokenSeal, installation: Installation): Credential => ({
  kind: installation.kind,
  secret: seal.open(installation.token, buildTokenContext(installation)),
});

/** Opens stored installation tokens; they are read for each use and never kept. */
export function createInstallationAccess({ orm, seal }: { orm: MikroORM; seal: TokenSeal }) {
  return {
    async open(ref: InstallationRef): Promise<Access> {
      const installation = await getInstallation(orm, ref);
      return { installation, credential: openCredential(seal, installation) };
    },

    /** The token a second INSTALLED brought, which must prove itself before it replaces the first. */
    async openPending(ref: InstallationRef): Promise<Access | null> {
      const installation = await getInstallation(orm, ref);
      if (installation.pendingToken === null || installation.pendingToken === undefined) return null;
      const secret = seal.open(installation.pendingToken, buildTokenContext(ref));
      return { installation, credential: { kind: installation.kind, secret } };
    },
  };
}

export type InstallationAccess = ReturnType<typeof createInstallationAccess>;
