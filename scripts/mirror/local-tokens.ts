import { generateKeyPairSync } from 'node:crypto';
import { SignJWT } from 'jose';
import type { InstallationRef } from '../../src/domain/contract.ts';
import { addonKey } from '../demo/environments.ts';

export interface LocalTokens {
  /** The one key that the local API trusts, as PEM. */
  readonly publicKey: string;
  /** For the status page, as the person whose key copies the workspace; good for so many hours. */
  mint(ref: InstallationRef, userId: string, hours: number): Promise<string>;
}

/**
 * Stands in for Clockify, which signs no tokens for a workspace without the add-on. The API verifies these as it
 * verifies all tokens, against the key it was configured with; the other half never leaves this process, so what
 * Clockify signs for lifecycle and webhook calls is refused there.
 */
export function createLocalTokens(): LocalTokens {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  return {
    publicKey: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    mint: ({ workspaceId, addonId }, userId, hours) =>
      new SignJWT({
        type: 'addon',
        workspaceId,
        addonId,
        user: userId,
        workspaceRole: 'OWNER',
        language: 'EN',
        theme: 'DEFAULT',
      })
        .setProtectedHeader({ alg: 'RS256' })
        .setIssuer('clockify')
        .setSubject(addonKey)
        .setIssuedAt()
        .setExpirationTime(`${hours}h`)
        .sign(privateKey),
  };
}
