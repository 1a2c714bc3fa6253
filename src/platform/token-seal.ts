import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { Secret } from './secret.ts';

const version = 'v1';

export interface SealKey {
  readonly id: string;
  readonly key: KeyObject;
}

export type TokenSeal = ReturnType<typeof createTokenSeal>;

/**
 * AES-256-GCM over short texts: the first key seals, every key opens.
 * `context` names the place of the value (table, column, row). A sealed text opens only under the context it was
 * sealed for, so copying it to another row or column yields nothing.
 */
export function createTokenSeal(keys: readonly SealKey[]) {
  const [sealing] = keys;
  if (sealing === undefined) throw new Error('A seal needs at least one key.');

  return {
    seal(secret: Secret | string, context: string): string {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', sealing.key, iv).setAAD(additionalData(sealing.id, context));
      const plaintext = typeof secret === 'string' ? secret : secret.reveal();
      const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()]);
      return [version, sealing.id, ...[iv, ciphertext, cipher.getAuthTag()].map(toText)].join('.');
    },

    /** Whether the text was sealed by the key that seals now. */
    isCurrent: (sealed: string): boolean => sealed.startsWith(`${version}.${sealing.id}.`),

    /** Throws when the text was changed, belongs elsewhere, or was sealed by a key that is not configured. */
    open(sealed: string, context: string): Secret {
      try {
        return new Secret(decrypt(keys, sealed, context));
      } catch {
        throw new Error('The sealed value cannot be opened.');
      }
    },
  };
}

const additionalData = (keyId: string, context: string): Buffer => Buffer.from(`${version}\n${keyId}\n${context}`);

const toText = (bytes: Buffer): string => bytes.toString('base64url');

/** Decodes base64url strictly: Node ignores characters and bits that do not belong there. */
function fromText(text: string): Buffer {
  const bytes = Buffer.from(text, 'base64url');
  if (toText(bytes) !== text) throw new Error('not canonical');
  return bytes;
}

function decrypt(keys: readonly SealKey[], sealed: string, context: string): string {
  const [form, keyId, iv, ciphertext, tag, ...rest] = sealed.split('.');
  const found = keys.find(({ id }) => id === keyId);
  if (
    form !== version ||
    !found ||
    iv === undefined ||
    ciphertext === undefined ||
    tag === undefined ||
    rest.length > 0
  ) {
    throw new Error('unknown form');
  }
  const decipher = createDecipheriv('aes-256-gcm', found.key, fromText(iv), { authTagLength: 16 })
    .setAAD(additionalData(found.id, context))
    .setAuthTag(fromText(tag));
  return Buffer.concat([decipher.update(fromText(ciphertext)), decipher.final()]).toString('utf8');
}
