import type { MikroORM } from '@mikro-orm/postgresql';
import { getInstallation } from '../db/installations.ts';
import type { Installation } from '../db/installation.entity.ts';
import { buildTokenContext } from '../domain/contract.ts';
import type { InstallationRef } from '../domain/contract.ts';
import type { Secret } from '../platform/secret.ts';
import type { TokenSeal } from '../platform/token-seal.ts';

export interface Access {
  readonly installation: Installation;
  readonly token: Secret;
}

/** Opens stored installation tokens; they are read for each use and never kept. */
export function createInstallationAccess({ orm, seal }: { orm: MikroORM; seal: TokenSeal }) {
  return {
    async open(ref: InstallationRef): Promise<Access> {
      const installation = await getInstallation(orm, ref);
      return { installation, token: seal.open(installation.token, buildTokenContext(ref)) };
    },

    /** The token a second INSTALLED brought, which must prove itself before it replaces the first. */
    async openPending(ref: InstallationRef): Promise<Access | null> {
      const installation = await getInstallation(orm, ref);
      if (installation.pendingToken === null || installation.pendingToken === undefined) return null;
      return { installation, token: seal.open(installation.pendingToken, buildTokenContext(ref)) };
    },
  };
}

export type InstallationAccess = ReturnType<typeof createInstallationAccess>;
