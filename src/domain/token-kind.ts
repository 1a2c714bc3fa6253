import { z } from 'zod';
import { AddonError } from './errors.ts';

/**
 * Clockify signs four kinds of tokens with one key, issuer and subject, so a good signature does not say what a token
 * is for. The claims do:
 * - `user`: a member's own token, readable by him in the URL of the iframe
 * - `installation`: acts as the workspace's admin; lives for decades or for ever
 * - `webhook`: one constant text per installation and path, without expiry
 * - `lifecycle`: sent with the lifecycle calls, short-lived
 */
export const tokenKinds = ['lifecycle', 'user', 'installation', 'webhook'] as const;
export type TokenKind = (typeof tokenKinds)[number];

export const clockifyId = z.string().regex(/^[0-9a-f]{24}$/);

const second = z.int().min(0);
const absent = z.never().optional();
const shared = { type: z.literal('addon'), workspaceId: clockifyId, addonId: clockifyId };

/** The page of a copy made with somebody's own API key names it like this; what Clockify sends us cannot. */
const installationId = z.string().regex(/^(personal:)?[0-9a-f]{24}$/);

const claimsSchemas = {
  lifecycle: z.object({ ...shared, iat: second, exp: second }),
  user: z.object({
    ...shared,
    addonId: installationId,
    iat: second.optional(),
    exp: second,
    user: clockifyId,
    workspaceRole: z.string().regex(/^[A-Za-z_]{1,64}$/),
  }),
  installation: z.object({
    ...shared,
    iat: second.optional(),
    exp: second.optional(),
    user: clockifyId,
    backendUrl: z.url().max(2048),
    reportsUrl: z.url().max(2048).optional(),
  }),
  webhook: z.object({ ...shared, iat: second.optional(), exp: absent, user: absent }),
} as const satisfies Record<TokenKind, z.ZodType>;

export type ClaimsOf<Kind extends TokenKind> = z.infer<(typeof claimsSchemas)[Kind]>;

const userClaims = ['workspaceRole', 'language', 'theme'];
const tenYears = 10 * 365 * 24 * 60 * 60;
const oneDay = 24 * 60 * 60;
/** Seconds by which two clocks may differ. */
export const clockSkew = 60;

/** The kind that the claims of a verified token make it; each set of claims has exactly one. `now` in seconds. */
export function classifyToken(claims: Readonly<Record<string, unknown>>, now: number): TokenKind {
  if (userClaims.some((name) => claims[name] !== undefined)) return 'user';
  const expiry = claims['exp'];
  if (typeof expiry === 'number' && expiry <= now + tenYears) return 'lifecycle';
  return claims['backendUrl'] === undefined ? 'webhook' : 'installation';
}

/**
 * The claims of a token whose signature, issuer, subject, expiry and start were verified, for a call that needs this
 * kind. Throws `invalid_token`; the reason is for the log and never quotes a claim. `now` in seconds.
 */
export function parseClaims<Kind extends TokenKind>(kind: Kind, claims: unknown, now: number): ClaimsOf<Kind> {
  if (typeof claims !== 'object' || claims === null) throw invalidToken('claims_malformed');
  if (classifyToken(claims as Record<string, unknown>, now) !== kind) throw invalidToken('kind_mismatch');
  const result = claimsSchemas[kind].safeParse(claims);
  if (!result.success) throw invalidToken('claims_malformed');
  assertIssuedInTime(kind, result.data.iat, now);
  return result.data as ClaimsOf<Kind>;
}

function assertIssuedInTime(kind: TokenKind, issuedAt: number | undefined, now: number): void {
  if (issuedAt === undefined) return;
  if (issuedAt > now + clockSkew) throw invalidToken('issued_in_future');
  if (kind === 'lifecycle' && issuedAt < now - oneDay) throw invalidToken('issued_too_long_ago');
}

export type TokenFault =
  | 'missing'
  | 'too_long'
  | 'not_canonical'
  | 'malformed'
  | 'signature'
  | 'issuer_or_subject'
  | 'claims_malformed'
  | 'kind_mismatch'
  | 'expired'
  | 'not_yet_valid'
  | 'issued_in_future'
  | 'issued_too_long_ago'
  | 'other_token'
  | 'other_event';

/** One code and one sentence for every failed proof: an answer must not tell an attacker how close he came. */
export const invalidToken = (reason: TokenFault): AddonError =>
  new AddonError('invalid_token', 'The token is missing or not valid for this call.', { reason });
