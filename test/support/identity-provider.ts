import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { SignJWT, exportJWK, generateKeyPair } from 'jose';
import type { CryptoKey } from 'jose';

/** An OpenID provider of operators: a key set over real HTTP, and tokens signed with its keys. */
export interface IdentityProvider {
  readonly jwksUrl: string;
  readonly issuer: string;
  /** Requests for the key set so far. */
  readonly fetches: number;
  /** While false, the key set is answered with 500. */
  isUp: boolean;
  /** Adds a key, and signs with it from now on. */
  rotate(alg?: 'RS256' | 'ES256'): Promise<void>;
  sign(claims?: Record<string, unknown>, header?: { alg?: string; kid?: string }): Promise<string>;
  close(): Promise<void>;
}

export async function startIdentityProvider(): Promise<IdentityProvider> {
  const keys: object[] = [];
  let current: { kid: string; alg: string; key: CryptoKey } | undefined;
  let fetches = 0;
  const server = createServer((_, response) => {
    fetches += 1;
    response.writeHead(provider.isUp ? 200 : 500, { 'content-type': 'application/json' });
    response.end(JSON.stringify({ keys }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider: IdentityProvider = {
    jwksUrl: `${issuer}/jwks`,
    issuer,
    get fetches() {
      return fetches;
    },
    isUp: true,
    async rotate(alg = 'RS256') {
      const { publicKey, privateKey } = await generateKeyPair(alg, { extractable: true });
      const kid = `key-${keys.length + 1}`;
      keys.push({ ...(await exportJWK(publicKey)), kid, alg, use: 'sig' });
      current = { kid, alg, key: privateKey };
    },
    async sign(claims = {}, header = {}) {
      if (current === undefined) throw new Error('the provider has no key yet');
      const now = Math.floor(Date.now() / 1000);
      const payload = { iss: issuer, aud: 'operations', sub: 'ada', iat: now, exp: now + 300, ...claims };
      return new SignJWT(payload)
        .setProtectedHeader({ alg: current.alg, kid: current.kid, ...header })
        .sign(current.key);
    },
    async close() {
      await new Promise((resolve) => server.close(resolve));
    },
  };
  await provider.rotate();
  return provider;
}
