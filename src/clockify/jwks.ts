import { importJWK } from 'jose';
import { request } from 'undici';
import { z } from 'zod';
import { readLimited } from './read-limited.ts';
import type { VerificationKey } from './token-verifier.ts';

export interface JwksOptions {
  readonly url: string;
  readonly onFailure?: (error: unknown) => void;
  /** Milliseconds; a parameter so that a test need not wait. */
  readonly clock?: () => number;
}

const longestAnswer = 64 * 1024;
const timeoutMs = 5_000;
const coolDownMs = 30_000;
const longestUse = 6 * 60 * 60 * 1000;

const jwksSchema = z.object({ keys: z.array(z.record(z.string(), z.unknown())).max(20) });
/** 342 base64url characters hold a modulus of 2048 bits. */
const strongRsaKey = z.object({ kty: z.literal('RSA'), n: z.string().min(342), e: z.string() });

/**
 * Keys from a configured JWKS address, fetched when asked for, at most every 30 s whether the last fetch worked or
 * not, and by one request at a time. While the address does not answer, the last good keys serve for six hours.
 */
export function createJwksSource({ url, onFailure, clock = Date.now }: JwksOptions) {
  let keys: VerificationKey[] = [];
  let triedAt = -Infinity;
  let fetchedAt = -Infinity;
  let running: Promise<void> | undefined;

  async function refresh(): Promise<void> {
    triedAt = clock();
    try {
      keys = await fetchKeys(url);
      fetchedAt = clock();
    } catch (error) {
      onFailure?.(error);
    }
  }

  return async function loadKeys(): Promise<readonly VerificationKey[]> {
    if (clock() - triedAt >= coolDownMs) running ??= refresh().finally(() => (running = undefined));
    await running;
    return clock() - fetchedAt <= longestUse ? keys : [];
  };
}

/** `request` follows no redirects. */
async function fetchKeys(url: string): Promise<VerificationKey[]> {
  const { statusCode, body } = await request(url, {
    signal: AbortSignal.timeout(timeoutMs),
    headers: { accept: 'application/json' },
  });
  const text = await readLimited(body, longestAnswer, tooLarge);
  if (statusCode !== 200) throw new Error(`The key set was answered with status ${statusCode}.`);
  const strong = jwksSchema.parse(JSON.parse(text)).keys.flatMap((key) => strongRsaKey.safeParse(key).data ?? []);
  return Promise.all(strong.map(async (key) => (await importJWK(key, 'RS256')) as VerificationKey));
}

const tooLarge = (): Error => new Error('The key set is too large.');
