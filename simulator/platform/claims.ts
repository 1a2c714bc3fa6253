import { randomUUID } from 'node:crypto';
import type { Claims } from './tokens.ts';

export type TokenKind = 'installation' | 'user' | 'webhook' | 'lifecycle';

/** Whom a token speaks of; `userId` and `workspaceRole` matter for user tokens only. */
export interface TokenSubject {
  readonly addonKey: string;
  readonly workspaceId: string;
  readonly addonId: string;
  readonly ownerId: string;
  readonly userId: string;
  readonly workspaceRole: string;
}

const HUNDRED_YEARS_S = 100 * 365 * 24 * 3600;
const USER_TOKEN_S = 30 * 60;
const LIFECYCLE_TOKEN_S = 30 * 60;

/** The claims the platform puts into a token of that kind; `origin` is where its hosts are, `nowS` epoch seconds. */
export function claimsOf(kind: TokenKind, subject: TokenSubject, origin: string, nowS: number): Claims {
  const common = {
    iss: 'clockify',
    sub: subject.addonKey,
    type: 'addon',
    workspaceId: subject.workspaceId,
    addonId: subject.addonId,
  };
  switch (kind) {
    case 'webhook':
      // The claims of two webhooks are alike, yet their tokens differ: something unnamed must tell them apart.
      return { ...common, jti: randomUUID() };
    case 'lifecycle':
      return { ...common, iat: nowS, exp: nowS + LIFECYCLE_TOKEN_S };
    case 'installation':
      return { ...common, ...hosts(origin), user: subject.ownerId, iat: nowS, exp: nowS + HUNDRED_YEARS_S };
    case 'user':
      return {
        ...common,
        ...hosts(origin),
        user: subject.userId,
        workspaceRole: subject.workspaceRole,
        language: 'EN',
        theme: 'DEFAULT',
        iat: nowS,
        exp: nowS + USER_TOKEN_S,
      };
  }
}

function hosts(origin: string): Claims {
  return {
    backendUrl: `${origin}/api`,
    reportsUrl: `${origin}/report`,
    ptoUrl: `${origin}/pto`,
    locationsUrl: `${origin}/locations`,
    screenshotsUrl: `${origin}/screenshots`,
  };
}
