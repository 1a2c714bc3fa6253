import { createOrm } from '../../src/db/orm.ts';
import { savePersonalInstallation } from '../../src/db/personal-installations.ts';
import { buildPersonalId, buildTokenContext } from '../../src/domain/contract.ts';
import type { InstallationRef } from '../../src/domain/contract.ts';
import type { Secret } from '../../src/platform/secret.ts';
import { encryptionKeys } from '../../src/platform/setting-formats.ts';
import { digestToken } from '../../src/platform/token-digest.ts';
import { createTokenSeal } from '../../src/platform/token-seal.ts';
import type { ClockifyHosts } from './regions.ts';

export interface StoredAccess {
  readonly databaseUrl: string;
  /** As TOKEN_ENCRYPTION_KEYS wants them. */
  readonly encryptionKeys: string;
  readonly hosts: ClockifyHosts;
  readonly workspaceId: string;
  readonly userId: string;
  readonly key: Secret;
}

/** Seals the key for its row and stores it, in the place of an earlier one of the same person. */
export async function storeKey({
  databaseUrl,
  hosts,
  workspaceId,
  userId,
  key,
  ...access
}: StoredAccess): Promise<InstallationRef> {
  const seal = createTokenSeal(encryptionKeys().parse(access.encryptionKeys));
  const orm = createOrm(databaseUrl);
  try {
    return await savePersonalInstallation(orm, {
      workspaceId,
      userId,
      apiUrl: hosts.apiUrl,
      reportsUrl: hosts.reportsUrl,
      token: seal.seal(key, buildTokenContext({ workspaceId, addonId: buildPersonalId(userId) })),
      tokenDigest: digestToken(key.reveal()),
    });
  } finally {
    await orm.close();
  }
}
