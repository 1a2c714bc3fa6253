import { createPublicKey, createSecretKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { z } from 'zod';

/** One key of the token seal. The id is written next to each sealed value, so that a later key can be put before it. */
export interface EncryptionKey {
  readonly id: string;
  readonly key: KeyObject;
}

export const integer = (min: number, max: number) =>
  z
    .string()
    .regex(/^\d{1,15}$/, 'must be a whole number')
    .transform(Number)
    .pipe(z.int().min(min, `must be at least ${min}`).max(max, `must be at most ${max}`));

const unitMs = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** A number with its unit, in milliseconds: `90m` is 5400000. */
export const duration = (minMs: number, minText: string) =>
  z
    .string()
    .regex(/^\d{1,6}[smhd]$/, 'must be a whole number of s, m, h or d, like 7d')
    .transform((text) => Number(text.slice(0, -1)) * unitMs[text.slice(-1) as keyof typeof unitMs])
    .refine((milliseconds) => milliseconds >= minMs, `must be at least ${minText}`);

export const boolean = () =>
  z.stringbool({ truthy: ['true', '1'], falsy: ['false', '0'], error: 'must be true or false' });

/** A host that no public network resolves: loopback, or a name without a dot, as in a compose network. */
export function isLocalHost(hostname: string): boolean {
  if (/^127(\.\d+){3}$/.test(hostname) || hostname === '[::1]') return true;
  return /^[a-z0-9-]+$/.test(hostname);
}

const isOrigin = (url: URL): boolean => url.href === `${url.origin}/`;

export const publicUrl = () =>
  z
    .string()
    .refine((text) => URL.canParse(text), { error: 'must be a URL', abort: true })
    .transform((text) => new URL(text))
    .refine(isOrigin, 'must have no user, path, query or fragment')
    .refine(
      (url) => url.protocol === 'https:' || (url.protocol === 'http:' && isLocalHost(url.hostname)),
      'must be https (http only for loopback or a host name without a dot)',
    )
    .transform((url) => url.origin);

export const httpsUrl = () =>
  z.string().refine((text) => URL.canParse(text) && new URL(text).protocol === 'https:', 'must be an https URL');

/** http only to this machine or network, as for `publicUrl`. */
export const httpsUrlOrLocal = () =>
  z.string().refine((text) => {
    if (!URL.canParse(text)) return false;
    const { protocol, hostname } = new URL(text);
    return protocol === 'https:' || (protocol === 'http:' && isLocalHost(hostname));
  }, 'must be an https URL, or http to a local host');

export const list = () =>
  z
    .string()
    .transform((text) => text.split(',').flatMap((entry) => entry.trim() || []))
    .refine((entries) => entries.length > 0, 'must name at least one');

export const postgresUrl = () =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && ['postgres:', 'postgresql:'].includes(new URL(text).protocol),
      'must be a postgresql:// URL',
    );

export const hostAndPort = () => z.string().regex(/^[^\s:/]+:\d{1,5}$/, 'must be host:port');

const pemBlock = /-----BEGIN PUBLIC KEY-----[\s\S]+?-----END PUBLIC KEY-----/g;

function isStrongRsaKey(pem: string): boolean {
  try {
    const key = createPublicKey(pem);
    return key.asymmetricKeyType === 'rsa' && (key.asymmetricKeyDetails?.modulusLength ?? 0) >= 2048;
  } catch {
    return false;
  }
}

/** Several PEM blocks in one variable; `\n` may stand for a line break, as env files write it. */
export const publicKeys = () =>
  z
    .string()
    .transform((text) => text.replaceAll('\\n', '\n'))
    .refine((text) => /^[\s,]*$/.test(text.replace(pemBlock, '')), 'must hold PEM public keys and nothing else')
    .transform((text) => text.match(pemBlock) ?? [])
    .refine((pems) => pems.length > 0 && pems.every(isStrongRsaKey), 'must be RSA public keys of at least 2048 bits');

const hostPattern = /^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}$/;

/** The form in which a simulator is allowed: an http origin that only this machine or its compose network can reach. */
export function isLocalOrigin(entry: string): boolean {
  if (!URL.canParse(entry)) return false;
  const url = new URL(entry);
  return url.protocol === 'http:' && url.origin === entry && isLocalHost(url.hostname);
}

const isWildcardOfTopLevel = (entry: string): boolean => /^\*\.[^.]+$/.test(entry);

export const apiDomains = () =>
  z
    .string()
    .transform((text) =>
      text
        .toLowerCase()
        .split(/[\s,]+/)
        .filter(Boolean),
    )
    .refine(
      (entries) =>
        entries.length > 0 &&
        entries.every((entry) => (hostPattern.test(entry) && !isWildcardOfTopLevel(entry)) || isLocalOrigin(entry)),
      'must be host names, *.domains, or the origin of a local simulator',
    );

const encryptionKey = /^([A-Za-z0-9_-]{1,32}):([A-Za-z0-9+/]{43}=)$/;

function parseEncryptionKeys(text: string): EncryptionKey[] {
  return text.split(',').flatMap((entry) => {
    const [, id, base64] = encryptionKey.exec(entry.trim()) ?? [];
    return id && base64 ? [{ id, key: createSecretKey(base64, 'base64') }] : [];
  });
}

export const encryptionKeys = () =>
  z
    .string()
    .refine((text) => parseEncryptionKeys(text).length === text.split(',').length, {
      error: 'must be a list of id:base64, each of 32 bytes',
      abort: true,
    })
    .transform(parseEncryptionKeys)
    .refine((keys) => new Set(keys.map(({ id }) => id)).size === keys.length, 'must not repeat an id');
