import { generateKeyPairSync, sign } from 'node:crypto';

export const addonKey = 'api-studio-test';

type Claims = Record<string, unknown>;

export interface TokenOwner {
  readonly workspaceId: string;
  readonly addonId: string;
}

const base64url = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

const now = (): number => Math.floor(Date.now() / 1000);
const century = 100 * 365 * 24 * 3600;

export type TokenMint = ReturnType<typeof createTokenMint>;

/** Signs tokens as Clockify does, with a key pair of its own. */
export function createTokenMint(backendUrl = 'https://api.clockify.me/api') {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });

  function signClaims(claims: Claims, header: Claims = { alg: 'RS256', typ: 'JWT' }): string {
    const input = `${base64url(header)}.${base64url(claims)}`;
    return `${input}.${sign('sha256', Buffer.from(input), privateKey).toString('base64url')}`;
  }

  const claimsOf = {
    lifecycle: (owner: TokenOwner): Claims => ({ ...identity(owner), iat: now(), exp: now() + 3600 }),
    user: (owner: TokenOwner): Claims => ({
      ...identity(owner),
      user: '5f0000000000000000000001',
      workspaceRole: 'OWNER',
      language: 'EN',
      theme: 'DEFAULT',
      backendUrl,
      reportsUrl: 'https://reports.api.clockify.me',
      iat: now(),
      exp: now() + 1800,
    }),
    installation: (owner: TokenOwner): Claims => ({
      ...identity(owner),
      user: '5f0000000000000000000001',
      backendUrl,
      reportsUrl: 'https://reports.api.clockify.me',
      iat: now(),
      exp: now() + century,
    }),
    webhook: (owner: TokenOwner): Claims => identity(owner),
  };

  return {
    pem: publicKey.export({ type: 'spki', format: 'pem' }).toString(),
    publicKey,
    privateKey,
    signClaims,
    claimsOf,
    lifecycle: (owner: TokenOwner, changes: Claims = {}) => signClaims({ ...claimsOf.lifecycle(owner), ...changes }),
    user: (owner: TokenOwner, changes: Claims = {}) => signClaims({ ...claimsOf.user(owner), ...changes }),
    installation: (owner: TokenOwner, changes: Claims = {}) =>
      signClaims({ ...claimsOf.installation(owner), ...changes }),
    webhook: (owner: TokenOwner, changes: Claims = {}) => signClaims({ ...claimsOf.webhook(owner), ...changes }),
  };
}

const identity = ({ workspaceId, addonId }: TokenOwner): Claims => ({
  iss: 'clockify',
  type: 'addon',
  sub: addonKey,
  workspaceId,
  addonId,
});
