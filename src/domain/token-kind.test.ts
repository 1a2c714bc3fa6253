import { describe, expect, it, test } from '@jest/globals';
import { classifyToken, parseClaims, tokenKinds } from './token-kind.ts';
import type { TokenKind } from './token-kind.ts';

const now = 1_800_000_000;
const year = 365 * 24 * 3600;
const ids = { type: 'addon', workspaceId: 'a'.repeat(24), addonId: 'b'.repeat(24) };
const user = 'c'.repeat(24);
const backendUrl = 'https://api.clockify.me/api';

const good = {
  lifecycle: { ...ids, iat: now, exp: now + 3600 },
  user: {
    ...ids,
    user,
    workspaceRole: 'OWNER',
    language: 'EN',
    theme: 'DEFAULT',
    backendUrl,
    iat: now,
    exp: now + 1800,
  },
  installation: { ...ids, user, backendUrl, reportsUrl: 'https://reports.api.clockify.me', exp: now + 100 * year },
  webhook: ids,
} as const satisfies Record<TokenKind, object>;

const refusal = (reason: string) => expect.objectContaining({ code: 'invalid_token', details: { reason } });

function outcome(kind: TokenKind, claims: unknown): string {
  try {
    parseClaims(kind, claims, now);
    return 'accepted';
  } catch (error) {
    return (error as { details: { reason: string } }).details.reason;
  }
}

describe('a call accepts only tokens of its own kind', () => {
  it.each(tokenKinds.flatMap((call) => tokenKinds.map((kind) => [call, kind] as const)))(
    '%s call, %s token',
    (call, kind) => expect(outcome(call, good[kind])).toBe(call === kind ? 'accepted' : 'kind_mismatch'),
  );

  it.each<[string, object, TokenKind]>([
    ['an installation token without expiry', { ...good.installation, exp: undefined }, 'installation'],
    ['a lifecycle token with URL and user claims', { ...good.lifecycle, user, backendUrl }, 'lifecycle'],
    ['a webhook token with an issue time', { ...good.webhook, iat: now }, 'webhook'],
    ['a user token without its role', { ...good.user, workspaceRole: undefined }, 'user'],
    ['a user token with only a theme', { ...good.lifecycle, theme: 'DARK' }, 'user'],
    ['a user token with only a language', { ...good.installation, language: 'EN' }, 'user'],
    ['an expiry of ten years', { ...good.installation, exp: now + 10 * year }, 'lifecycle'],
    ['an expiry just beyond ten years', { ...good.installation, exp: now + 10 * year + 1 }, 'installation'],
  ])('%s is of the kind that follows from its claims', (_, claims, kind) => {
    expect(classifyToken(claims as Record<string, unknown>, now)).toBe(kind);
  });
});

describe('the id of a personal installation', () => {
  it.each(tokenKinds.map((kind) => [kind, kind === 'user' ? 'accepted' : 'claims_malformed'] as const))(
    'in a %s token: %s',
    (kind, expected) => expect(outcome(kind, { ...good[kind], addonId: `personal:${user}` })).toBe(expected),
  );
});

describe('what a kind needs', () => {
  it.each<[TokenKind, object]>([
    ['lifecycle', { ...good.lifecycle, iat: undefined }],
    ['user', { ...good.user, exp: undefined }],
    ['user', { ...good.user, user: undefined }],
    ['user', { ...good.user, workspaceRole: undefined }],
    ['user', { ...good.user, workspaceRole: 'OWNER\n' }],
    ['installation', { ...good.installation, user: undefined }],
    ['installation', { ...good.installation, backendUrl: 'not a url' }],
    ['installation', { ...good.installation, backendUrl: [backendUrl] }],
    ['webhook', { ...good.webhook, user }],
  ])('a %s token such as %j is refused', (kind, claims) => {
    expect(outcome(kind, claims)).toBe('claims_malformed');
  });

  it('unknown claims are dropped', () => {
    expect(parseClaims('webhook', { ...good.webhook, iss: 'clockify', extra: 1 }, now)).toEqual(ids);
  });
});

const badTexts: unknown[] = [
  undefined,
  null,
  7,
  true,
  [],
  ['a'.repeat(24)],
  {},
  '',
  ' ',
  'A'.repeat(24),
  'a'.repeat(23),
  'а'.repeat(24),
  `${'a'.repeat(23)}\0`,
  `${'a'.repeat(24)}\n`,
  'a'.repeat(10_000),
  JSON.parse('{"__proto__":{"x":1}}'),
];

describe.each(['workspaceId', 'addonId', 'type'])('claim %s', (claim) => {
  it.each(tokenKinds.flatMap((kind) => badTexts.map((value) => [kind, value] as const)))(
    'of a %s token cannot be %j',
    (kind, value) => expect(outcome(kind, { ...good[kind], [claim]: value })).toBe('claims_malformed'),
  );
});

describe.each(['exp', 'iat'])('claim %s', (claim) => {
  it.each([null, '1800000000', [], {}, true, -1, 1.5, NaN, Infinity, -Infinity])(
    'of a user token cannot be %j',
    (value) => {
      expect(outcome('user', { ...good.user, [claim]: value })).toBe('claims_malformed');
    },
  );
});

describe('the issue time', () => {
  const day = 24 * 3600;
  it.each<[TokenKind, number, string]>([
    ['lifecycle', 61, 'issued_in_future'],
    ['lifecycle', 60, 'accepted'],
    ['lifecycle', 0, 'accepted'],
    ['lifecycle', -day, 'accepted'],
    ['lifecycle', -day - 1, 'issued_too_long_ago'],
    ['user', 61, 'issued_in_future'],
    ['user', -day - 1, 'accepted'],
    ['installation', 61, 'issued_in_future'],
    ['installation', -10 * year, 'accepted'],
    ['webhook', 61, 'issued_in_future'],
    ['webhook', -10 * year, 'accepted'],
  ])('of a %s token %i s from now: %s', (kind, offset, expected) => {
    expect(outcome(kind, { ...good[kind], iat: now + offset })).toBe(expected);
  });
});

test.each([null, undefined, 'text', 7])('claims that are %j are refused', (claims) => {
  expect(() => parseClaims('webhook', claims, now)).toThrow(refusal('claims_malformed'));
});
