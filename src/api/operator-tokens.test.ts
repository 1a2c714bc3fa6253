import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { SignJWT, base64url } from 'jose';
import { startIdentityProvider } from '../../test/support/identity-provider.ts';
import type { IdentityProvider } from '../../test/support/identity-provider.ts';
import { createOperatorTokens } from './operator-tokens.ts';
import type { OperatorTokens } from './operator-tokens.ts';

let provider: IdentityProvider;
let tokens: OperatorTokens;
const now = (): number => Math.floor(Date.now() / 1000);

beforeEach(async () => {
  provider = await startIdentityProvider();
  const { jwksUrl, issuer } = provider;
  tokens = createOperatorTokens({ jwksUrl, issuer, audiences: ['operations', 'console'] });
});
afterEach(() => provider.close());

const refusal = { code: 'invalid_token', message: 'The token is missing or not valid for this call.' };

describe('a token of an operator', () => {
  it.each(['RS256', 'ES256'] as const)('signed with %s passes with a subject alone', async (alg) => {
    await provider.rotate(alg);
    expect(await tokens.verify(await provider.sign())).toEqual({ sub: 'ada' });
  });

  it.each<Record<string, unknown>>([
    { aud: 'console' },
    { aud: ['x', 'operations'] },
    { aud: undefined, azp: 'operations' },
  ])('may be meant for us as %j', async (claims) => {
    expect(await tokens.verify(await provider.sign(claims))).toEqual({ sub: 'ada' });
  });

  it('may be off by a minute', async () => {
    expect(await tokens.verify(await provider.sign({ exp: now() - 50, nbf: now() + 50 }))).toEqual({ sub: 'ada' });
  });

  it.each<[string, Record<string, unknown>]>([
    ['expired', { exp: now() - 120 }],
    ['not valid yet', { nbf: now() + 120 }],
    ['without an end', { exp: undefined }],
    ['without a beginning', { iat: undefined }],
    ['without a subject', { sub: undefined }],
    ['with an empty subject', { sub: '' }],
    ['of another issuer', { iss: 'https://elsewhere.example' }],
    ['meant for somebody else', { aud: 'clockify', azp: 'other' }],
    ['meant for nobody', { aud: undefined }],
  ])('that is %s is refused', async (_, claims) => {
    await expect(tokens.verify(await provider.sign(claims))).rejects.toMatchObject(refusal);
  });

  it.each(['', 'x', 'a.b.c'])('that is none at all (%j) is refused', async (token) => {
    await expect(tokens.verify(token)).rejects.toMatchObject(refusal);
  });

  it('that is missing is refused', async () => {
    await expect(tokens.verify(undefined)).rejects.toMatchObject(refusal);
    expect(provider.fetches).toBe(0);
  });

  it('without a signature, or signed with a shared secret, is refused', async () => {
    const [, payload] = (await provider.sign()).split('.');
    const unsigned = `${base64url.encode('{"alg":"none"}')}.${payload}.`;
    const shared = new SignJWT({ sub: 'ada' }).setProtectedHeader({ alg: 'HS256' }).sign(new Uint8Array(32));
    for (const token of [unsigned, await shared]) {
      await expect(tokens.verify(token)).rejects.toMatchObject(refusal);
    }
  });

  it('of another provider is refused, whatever key it names', async () => {
    const other = await startIdentityProvider();
    const forged = await other.sign({ iss: provider.issuer });
    await other.close();
    await expect(tokens.verify(forged)).rejects.toMatchObject(refusal);
  });

  it('is refused as long as no provider is configured', async () => {
    await expect(createOperatorTokens(null).verify(await provider.sign())).rejects.toMatchObject(refusal);
  });
});

describe('the key set', () => {
  it('is fetched once for many tokens', async () => {
    for (let count = 0; count < 5; count++) await tokens.verify(await provider.sign());
    expect(provider.fetches).toBe(1);
  });

  it('that is known serves while the provider is away', async () => {
    const token = await provider.sign();
    await tokens.verify(token);
    provider.isUp = false;
    expect(await tokens.verify(token)).toEqual({ sub: 'ada' });
  });

  it('that nobody could fetch yet is not the fault of the token', async () => {
    provider.isUp = false;
    await expect(tokens.verify(await provider.sign())).rejects.toMatchObject({ code: 'identity_unavailable' });
  });

  it('is not asked again and again for a key it does not have', async () => {
    await tokens.verify(await provider.sign());
    for (let count = 0; count < 3; count++) {
      await expect(tokens.verify(await provider.sign({}, { kid: 'unknown' }))).rejects.toMatchObject(refusal);
    }
    expect(provider.fetches).toBe(1);
  });
});
