import { generateKeyPairSync } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { decodeProtectedHeader, importSPKI, jwtVerify } from 'jose';
import { claimsOf, type TokenKind } from './claims.ts';
import { createTokenSigner } from './tokens.ts';

const subject = {
  addonKey: 'my-addon',
  workspaceId: 'w1',
  addonId: 'a1',
  ownerId: 'u1',
  userId: 'u2',
  workspaceRole: 'MEMBER',
};
const nowS = 1_800_000_000;
const signer = createTokenSigner();
const common = ['addonId', 'iss', 'sub', 'type', 'workspaceId'];
const hosts = ['backendUrl', 'locationsUrl', 'ptoUrl', 'reportsUrl', 'screenshotsUrl'];

describe('claims', () => {
  it.each<[TokenKind, string[]]>([
    ['installation', [...common, ...hosts, 'exp', 'iat', 'user']],
    ['user', [...common, ...hosts, 'exp', 'iat', 'language', 'theme', 'user', 'workspaceRole']],
    ['webhook', [...common, 'jti']],
    ['lifecycle', [...common, 'exp', 'iat']],
  ])('of a %s token are exactly those the platform sends', (kind, names) => {
    expect(Object.keys(claimsOf(kind, subject, 'http://clockify', nowS)).toSorted()).toEqual(names.toSorted());
  });

  it('name the owner in an installation token and the viewer in a user token', () => {
    expect(claimsOf('installation', subject, '', nowS)).toMatchObject({ user: 'u1' });
    expect(claimsOf('user', subject, '', nowS)).toMatchObject({ user: 'u2', exp: nowS + 1800 });
  });

  it('put the hosts below the origin, without a version', () => {
    expect(claimsOf('user', subject, 'http://clockify', nowS)).toMatchObject({
      backendUrl: 'http://clockify/api',
      reportsUrl: 'http://clockify/report',
      ptoUrl: 'http://clockify/pto',
    });
  });

  it('let an installation token live about a hundred years', () => {
    const { exp } = claimsOf('installation', subject, '', nowS);

    expect((Number(exp) - nowS) / (365 * 24 * 3600)).toBe(100);
  });
});

describe('the signer', () => {
  it('signs RS256 tokens that its public key verifies', async () => {
    const key = await importSPKI(signer.publicKeyPem, 'RS256');
    const token = signer.sign({ iss: 'clockify', sub: 'my-addon' });

    const { payload } = await jwtVerify(token, key, { algorithms: ['RS256'], issuer: 'clockify' });

    expect(payload.sub).toBe('my-addon');
  });

  it('keeps a given key', () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();

    expect(createTokenSigner(pem).publicKeyPem).toBe(createTokenSigner(pem).publicKeyPem);
  });

  it('reads only what it signed itself and nobody changed', () => {
    const token = signer.sign({ sub: 'my-addon' });
    const [header, , signature] = token.split('.');
    const changed = Buffer.from('{"sub":"other"}').toString('base64url');

    expect(signer.read(token)).toEqual({ sub: 'my-addon' });
    expect(signer.read(`${header}.${changed}.${signature}`)).toBeNull();
    expect(signer.read(createTokenSigner().sign({ sub: 'my-addon' }))).toBeNull();
    expect(signer.read('not a token')).toBeNull();
  });

  it('makes wrong tokens on request', () => {
    const unsigned = signer.sign({ sub: 'a' }, { algorithm: 'none' });
    const symmetric = signer.sign({ sub: 'a' }, { algorithm: 'HS256' });

    expect(decodeProtectedHeader(symmetric).alg).toBe('HS256');
    expect(unsigned.endsWith('.')).toBe(true);
    expect([signer.read(unsigned), signer.read(symmetric)]).toEqual([null, null]);
    expect(signer.read(signer.sign({ sub: 'a', iss: 'b' }, { claims: { sub: 'c' }, omit: ['iss'] }))).toEqual({
      sub: 'c',
    });
  });
});
