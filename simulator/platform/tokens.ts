import {
  createHmac,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  sign,
  verify,
  type KeyObject,
} from 'node:crypto';

export type Claims = Readonly<Record<string, unknown>>;

/** What a test changes to get a wrong token; everything else stays faithful. */
export interface TokenOverrides {
  readonly claims?: Claims;
  readonly omit?: readonly string[];
  readonly header?: Claims;
  /** `HS256` signs with the public PEM as secret; `none` leaves the signature empty. */
  readonly algorithm?: 'RS256' | 'HS256' | 'none';
  /** A foreign signer. */
  readonly privateKeyPem?: string;
}

export interface TokenSigner {
  readonly privateKeyPem: string;
  readonly publicKeyPem: string;
  sign(claims: Claims, overrides?: TokenOverrides): string;
  /** The claims of a token this signer made and nobody changed; null for anything else, whatever its expiry. */
  read(token: string): Claims | null;
}

/** One RSA-2048 key signs tokens of every kind, as on the platform. */
export function createTokenSigner(privateKeyPem?: string): TokenSigner {
  const privateKey =
    privateKeyPem === undefined
      ? generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey
      : createPrivateKey(privateKeyPem);
  const publicKey = createPublicKey(privateKey);
  const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();

  return {
    privateKeyPem: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
    publicKeyPem,
    sign(claims, overrides = {}) {
      const algorithm = overrides.algorithm ?? 'RS256';
      const payload = { ...claims, ...overrides.claims };
      const kept = Object.fromEntries(Object.entries(payload).filter(([name]) => !overrides.omit?.includes(name)));
      const input = `${encode({ alg: algorithm, ...overrides.header })}.${encode(kept)}`;
      const key = overrides.privateKeyPem === undefined ? privateKey : createPrivateKey(overrides.privateKeyPem);
      return `${input}.${signatureOf(input, algorithm, key, publicKeyPem)}`;
    },
    read: (token) => readToken(token, publicKey),
  };
}

function encode(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}

function signatureOf(
  input: string,
  algorithm: 'RS256' | 'HS256' | 'none',
  key: KeyObject,
  publicKeyPem: string,
): string {
  if (algorithm === 'none') return '';
  if (algorithm === 'HS256') return createHmac('sha256', publicKeyPem).update(input).digest('base64url');
  return sign('sha256', Buffer.from(input), key).toString('base64url');
}

function readToken(token: string, publicKey: KeyObject): Claims | null {
  const [header, payload, signature, ...rest] = token.split('.');
  if (header === undefined || payload === undefined || signature === undefined || rest.length > 0) return null;
  const genuine = verify('sha256', Buffer.from(`${header}.${payload}`), publicKey, Buffer.from(signature, 'base64url'));
  return genuine ? (JSON.parse(Buffer.from(payload, 'base64url').toString()) as Claims) : null;
}
