import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';
import { z } from 'zod';
import { AddonError } from '../domain/errors.ts';

export interface OperatorTokenOptions {
  readonly jwksUrl: string;
  readonly issuer: string;
  /** Who the token may be meant for: its `aud`, or its `azp` where the provider puts the client there. */
  readonly audiences: readonly string[];
}

export interface OperatorClaims {
  readonly sub: string;
}

export interface OperatorTokens {
  /** The claims of a genuine token. Throws `invalid_token` with one sentence for every fault. */
  verify(token: string | undefined): Promise<OperatorClaims>;
}

const claimsSchema = z.object({ sub: z.string().min(1).max(200) });
const keysServeFor = 6 * 60 * 60 * 1000;

/**
 * Verifies the bearer tokens of operators against their OpenID provider's keys, which are fetched when needed and kept
 * for six hours. An unknown key id asks again, at most every 30 seconds. Without options every token is refused.
 */
export function createOperatorTokens(options: OperatorTokenOptions | null): OperatorTokens {
  if (options === null) return { verify: () => Promise.reject(invalid('not_configured')) };
  const { jwksUrl, issuer, audiences } = options;
  const keys = createRemoteJWKSet(new URL(jwksUrl), {
    cacheMaxAge: keysServeFor,
    cooldownDuration: 30_000,
    timeoutDuration: 5_000,
  });

  async function verify(token: string | undefined): Promise<OperatorClaims> {
    if (token === undefined) throw invalid('missing');
    const checks = {
      algorithms: ['RS256', 'ES256'],
      issuer,
      requiredClaims: ['sub', 'exp', 'iat'],
      clockTolerance: 60,
    };
    const { payload } = await jwtVerify(token, keys, checks).catch((error: unknown) => {
      throw translate(error);
    });
    if (!isMeantFor(payload, audiences)) throw invalid('audience');
    const claims = claimsSchema.safeParse(payload);
    if (!claims.success) throw invalid('claims_malformed');
    return claims.data;
  }

  return { verify };
}

function isMeantFor({ aud, azp }: JWTPayload, audiences: readonly string[]): boolean {
  const named = [aud, azp].flat();
  return audiences.some((audience) => named.includes(audience));
}

const invalid = (reason: string): AddonError =>
  new AddonError('invalid_token', 'The token is missing or not valid for this call.', { reason });

/** Of what the library throws, all but an answerless provider is the token's fault. */
function translate(error: unknown): AddonError {
  const isTokens = error instanceof errors.JOSEError && !(error instanceof errors.JWKSTimeout);
  if (isTokens && error.code !== 'ERR_JOSE_GENERIC') return invalid(error.code);
  return new AddonError('identity_unavailable', "The operators' identity provider does not answer.");
}
