import { beforeAll, describe, expect, it, test } from '@jest/globals';
import { constants, createHmac, generateKeyPairSync, sign } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { addonKey, createTokenMint } from '../../test/support/token-mint.ts';
import { tokenKinds } from '../domain/token-kind.ts';
import type { TokenKind } from '../domain/token-kind.ts';
import { createTokenVerifier } from './token-verifier.ts';

const owner = { workspaceId: 'a'.repeat(24), addonId: 'b'.repeat(24) };
const mint = createTokenMint();
const verifier = createTokenVerifier({ publicKeys: [mint.pem], addonKey });

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

async function outcome(token: string | undefined, kind: TokenKind, now?: Date): Promise<string> {
  try {
    await verifier.verifyToken(token, kind, now);
    return 'accepted';
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid_token', message: 'The token is missing or not valid for this call.' });
    return (error as { details: { reason: string } }).details.reason;
  }
}

describe('each kind of token passes its own verifier and no other', () => {
  it.each(tokenKinds.flatMap((call) => tokenKinds.map((kind) => [call, kind] as const)))(
    '%s verifier, %s token',
    async (call, kind) => {
      expect(await outcome(mint[kind](owner), call)).toBe(call === kind ? 'accepted' : 'kind_mismatch');
    },
  );
});

test('the verified claims come out typed, without what is not needed', async () => {
  const claims = await verifier.verifyToken(mint.user(owner), 'user');
  expect(claims).toEqual({
    ...owner,
    type: 'addon',
    user: expect.any(String),
    workspaceRole: 'OWNER',
    iat: expect.any(Number),
    exp: expect.any(Number),
  });
});

/** A token for each header, signed by `seal` over the signing input. */
const forge = (kind: TokenKind, header: unknown, seal: (input: Buffer) => Buffer | string = () => ''): string => {
  const input = `${encode(header)}.${encode(mint.claimsOf[kind](owner))}`;
  return `${input}.${Buffer.from(seal(Buffer.from(input))).toString('base64url')}`;
};
const rsa =
  (digest: string, key: KeyObject = mint.privateKey) =>
  (input: Buffer) =>
    sign(digest, input, key);
const hmac = (digest: string, key: Buffer | string) => (input: Buffer) =>
  createHmac(digest, key).update(input).digest();
const pss = (input: Buffer) =>
  sign('sha256', input, { key: mint.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 });
const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' });
const edwards = generateKeyPairSync('ed25519');
const foreign = generateKeyPairSync('rsa', { modulusLength: 2048 });

const jwk = foreign.publicKey.export({ format: 'jwk' });
const der = mint.publicKey.export({ type: 'spki', format: 'der' });
const hmacKeys = {
  'the PEM': mint.pem,
  'the PEM without line breaks': mint.pem.replaceAll('\n', ''),
  'the DER': der,
  'the modulus': Buffer.from(String(mint.publicKey.export({ format: 'jwk' }).n), 'base64url'),
  'an empty key': '',
  'zero bytes': Buffer.alloc(32),
};
const hmacDigests = { HS256: 'sha256', HS384: 'sha384', HS512: 'sha512' };

const forgeries: [string, (kind: TokenKind) => string][] = [
  ...['none', 'None', 'NONE', 'nOnE'].map((alg): [string, (kind: TokenKind) => string] => [
    `alg ${alg}`,
    (kind) => forge(kind, { alg }),
  ]),
  ...Object.entries(hmacDigests).flatMap(([alg, digest]) =>
    Object.entries(hmacKeys).map(([name, key]): [string, (kind: TokenKind) => string] => [
      `${alg} keyed with ${name}`,
      (kind) => forge(kind, { alg }, hmac(digest, key)),
    ]),
  ),
  ['RS384', (kind) => forge(kind, { alg: 'RS384' }, rsa('sha384'))],
  ['RS512', (kind) => forge(kind, { alg: 'RS512' }, rsa('sha512'))],
  ['PS256', (kind) => forge(kind, { alg: 'PS256' }, pss)],
  [
    'ES256',
    (kind) =>
      forge(kind, { alg: 'ES256' }, (input) =>
        sign('sha256', input, { key: elliptic.privateKey, dsaEncoding: 'ieee-p1363' }),
      ),
  ],
  ['EdDSA', (kind) => forge(kind, { alg: 'EdDSA' }, (input) => sign(null, input, edwards.privateKey))],
  ...['RS256 ', 'rs256', 256, null, ['RS256'], undefined].map((alg): [string, (kind: TokenKind) => string] => [
    `alg ${JSON.stringify(alg)}`,
    (kind) => forge(kind, { alg }, rsa('sha256')),
  ]),
  ['crit with an unknown name', (kind) => forge(kind, { alg: 'RS256', crit: ['exp'], exp: 1 }, rsa('sha256'))],
  ['crit that is empty', (kind) => forge(kind, { alg: 'RS256', crit: [] }, rsa('sha256'))],
  ['b64 false', (kind) => forge(kind, { alg: 'RS256', b64: false, crit: ['b64'] }, rsa('sha256'))],
  ['an own key in the header', (kind) => forge(kind, { alg: 'RS256', jwk }, rsa('sha256', foreign.privateKey))],
  [
    'a key address in the header',
    (kind) => forge(kind, { alg: 'RS256', jku: 'http://127.0.0.1/keys' }, rsa('sha256', foreign.privateKey)),
  ],
  ['another key', (kind) => forge(kind, { alg: 'RS256' }, rsa('sha256', foreign.privateKey))],
  ['an empty signature', (kind) => forge(kind, { alg: 'RS256' })],
  ['two parts', (kind) => mint[kind](owner).split('.').slice(0, 2).join('.')],
  ['four parts', (kind) => `${mint[kind](owner)}.`],
  ['padding', (kind) => `${mint[kind](owner)}==`],
  ['a closing blank', (kind) => `${mint[kind](owner)} `],
  ['changed trailing bits', (kind) => changeTrailingBits(mint[kind](owner))],
  ['the standard base64 alphabet', (kind) => `${mint[kind](owner).slice(0, -2)}+/`],
  [
    'a signature of other claims',
    (kind) => spliceSignature(mint[kind](owner), mint[kind]({ ...owner, addonId: 'e'.repeat(24) })),
  ],
  ['a token of more than 8 KB', (kind) => mint[kind](owner, { padding: 'x'.repeat(8192) })],
];

/** 256 bytes leave two unused bits in the last character: another spelling of the same signature. */
function changeTrailingBits(token: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return token.slice(0, -1) + alphabet[alphabet.indexOf(token.at(-1) ?? 'A') | 1];
}

const spliceSignature = (token: string, other: string): string =>
  [...token.split('.').slice(0, 2), other.split('.')[2]].join('.');

describe.each(tokenKinds)('the %s verifier refuses', (kind) => {
  it.each(forgeries)('%s', async (_, token) => {
    expect(await outcome(token(kind), kind)).toMatch(/^(malformed|signature|not_canonical|too_long)$/);
  });

  it.each<[string, Record<string, unknown>, string]>([
    ['another issuer', { iss: 'clockify.me' }, 'issuer_or_subject'],
    ['no issuer', { iss: undefined }, 'issuer_or_subject'],
    ['a list of issuers', { iss: ['clockify'] }, 'issuer_or_subject'],
    ['another subject', { sub: 'other-addon' }, 'issuer_or_subject'],
    ['no subject', { sub: undefined }, 'issuer_or_subject'],
    ['another type', { type: 'user' }, 'claims_malformed'],
    ['no type', { type: undefined }, 'claims_malformed'],
    ['no workspace', { workspaceId: undefined }, 'claims_malformed'],
    ['no add-on id', { addonId: undefined }, 'claims_malformed'],
    ['an expiry in words', { exp: 'tomorrow' }, 'claims_malformed'],
  ])('%s', async (_, claims, reason) => {
    expect(await outcome(mint[kind](owner, claims), kind)).toBe(reason);
  });

  it.each([undefined, '', '.', '..', 'x', 'a.b.c', 'ключ'])('%j instead of a token', async (token) => {
    expect(await outcome(token, kind)).not.toBe('accepted');
  });

  it('every token with one flipped bit', async () => {
    const token = mint[kind](owner);
    for (let index = 0; index < token.length; index += 37) {
      const code = token.charCodeAt(index) ^ 1;
      const flipped = token.slice(0, index) + String.fromCharCode(code) + token.slice(index + 1);
      expect(await outcome(flipped, kind)).not.toBe('accepted');
    }
  });
});

describe('what the header says beside the algorithm changes nothing', () => {
  it.each([
    { jku: 'http://127.0.0.1:1/keys' },
    { x5u: 'http://127.0.0.1:1/cert' },
    { x5c: ['AAAA'] },
    { jwk },
    { kid: '../../dev/null' },
    { kid: "' or 1=1 --" },
    { kid: 'x'.repeat(1000) },
    { cty: 'JWT' },
    { zip: 'DEF' },
    { typ: 'at+jwt' },
    { b64: true },
  ])('%j', async (extra) => {
    const token = mint.signClaims(mint.claimsOf.lifecycle(owner), { alg: 'RS256', ...extra });
    expect(await outcome(token, 'lifecycle')).toBe('accepted');
  });
});

describe('the clocks may differ by a minute', () => {
  const now = new Date();
  const seconds = Math.floor(now.getTime() / 1000);
  it.each([
    ['exp', -61, 'expired'],
    ['exp', -60, 'expired'],
    ['exp', -59, 'accepted'],
    ['exp', 0, 'accepted'],
    ['exp', 61, 'accepted'],
    ['nbf', -61, 'accepted'],
    ['nbf', 60, 'accepted'],
    ['nbf', 61, 'not_yet_valid'],
    ['iat', 60, 'accepted'],
    ['iat', 61, 'issued_in_future'],
  ])('%s %i s from now: %s', async (claim, offset, expected) => {
    expect(await outcome(mint.user(owner, { [claim]: seconds + offset }), 'user', now)).toBe(expected);
  });

  it('an expiry beyond all numbers is refused', async () => {
    const claims = JSON.stringify(mint.claimsOf.installation(owner)).replace(/"exp":\d+/, '"exp":1e400');
    const input = `${encode({ alg: 'RS256' })}.${Buffer.from(claims).toString('base64url')}`;
    const token = `${input}.${rsa('sha256')(Buffer.from(input)).toString('base64url')}`;
    expect(await outcome(token, 'installation')).toBe('claims_malformed');
  });
});

describe('several keys', () => {
  const next = createTokenMint();
  let asked = 0;
  const loadMoreKeys = async () => {
    asked += 1;
    return [next.publicKey];
  };
  beforeAll(() => void (asked = 0));

  it('the current and the next PEM are both accepted', async () => {
    const both = createTokenVerifier({ publicKeys: [mint.pem, next.pem], addonKey });
    await expect(both.verifyToken(mint.webhook(owner), 'webhook')).resolves.toMatchObject(owner);
    await expect(both.verifyToken(next.webhook(owner), 'webhook')).resolves.toMatchObject(owner);
  });

  it('more keys are loaded only when no PEM fits', async () => {
    const patient = createTokenVerifier({ publicKeys: [mint.pem], addonKey, loadMoreKeys });
    await patient.verifyToken(mint.webhook(owner), 'webhook');
    await expect(patient.verifyToken(mint.user(owner, { sub: 'x' }), 'user')).rejects.toThrow();
    expect(asked).toBe(0);
    await expect(patient.verifyToken(next.webhook(owner), 'webhook')).resolves.toMatchObject(owner);
    expect(asked).toBe(1);
  });

  it('a key that neither source has is refused', async () => {
    const patient = createTokenVerifier({ publicKeys: [mint.pem], addonKey, loadMoreKeys });
    await expect(patient.verifyToken(createTokenMint().webhook(owner), 'webhook')).rejects.toMatchObject({
      details: { reason: 'signature' },
    });
  });
});
