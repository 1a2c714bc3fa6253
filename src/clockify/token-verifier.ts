import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { errors, jwtVerify } from 'jose';
import type { CryptoKey, JWTPayload } from 'jose';
import { clockSkew, invalidToken, parseClaims } from '../domain/token-kind.ts';
import type { ClaimsOf, TokenFault, TokenKind } from '../domain/token-kind.ts';

export type VerificationKey = KeyObject | CryptoKey;

export interface TokenVerifierOptions {
  /** PEM public keys, tried in their order. */
  readonly publicKeys: readonly string[];
  /** The manifest's key, which every token names as its subject. */
  readonly addonKey: string;
  /** Further keys, asked for only when no PEM fits. */
  readonly loadMoreKeys?: () => Promise<readonly VerificationKey[]>;
}

export type TokenVerifier = ReturnType<typeof createTokenVerifier>;

const longestToken = 8192;
const issuer = 'clockify';

/** Verifies Clockify's tokens against pinned keys: RS256 only, whatever the token's header says. */
export function createTokenVerifier({ publicKeys, addonKey, loadMoreKeys }: TokenVerifierOptions) {
  const pinned = publicKeys.map((pem) => createPublicKey(pem));

  async function verifyWithAnyKey(token: string, now: Date): Promise<JWTPayload> {
    const claims = (await tryKeys(pinned, token, now)) ?? (await tryKeys((await loadMoreKeys?.()) ?? [], token, now));
    if (claims === undefined) throw invalidToken('signature');
    return claims;
  }

  /** Undefined when no key fits the signature; a fault of another kind is final. */
  async function tryKeys(keys: readonly VerificationKey[], token: string, now: Date): Promise<JWTPayload | undefined> {
    const options = { algorithms: ['RS256'], issuer, subject: addonKey, currentDate: now, clockTolerance: clockSkew };
    for (const key of keys) {
      try {
        return (await jwtVerify(token, key, options)).payload;
      } catch (error) {
        if (!(error instanceof errors.JWSSignatureVerificationFailed)) throw invalidToken(faultOf(error));
      }
    }
    return undefined;
  }

  return {
    /**
     * The claims of a token that is genuine, ours, and of the kind the call needs.
     * Throws `invalid_token`: one sentence for every fault, the reason in its details, the token nowhere.
     */
    async verifyToken<Kind extends TokenKind>(
      token: string | undefined,
      kind: Kind,
      now: Date = new Date(),
    ): Promise<ClaimsOf<Kind>> {
      if (token === undefined || token === '') throw invalidToken('missing');
      if (token.length > longestToken) throw invalidToken('too_long');
      if (!isCanonical(token)) throw invalidToken('not_canonical');
      return parseClaims(kind, await verifyWithAnyKey(token, now), Math.floor(now.getTime() / 1000));
    },
  };
}

/** jose takes padding, blanks and a changed last bit for the same bytes; one token must have one spelling. */
function isCanonical(token: string): boolean {
  const parts = token.split('.');
  return parts.length === 3 && parts.every((part) => Buffer.from(part, 'base64url').toString('base64url') === part);
}

function faultOf(error: unknown): TokenFault {
  if (error instanceof errors.JWTExpired) return 'expired';
  if (!(error instanceof errors.JWTClaimValidationFailed)) return 'malformed';
  if (error.claim === 'nbf') return 'not_yet_valid';
  return error.claim === 'exp' ? 'claims_malformed' : 'issuer_or_subject';
}
