import { createHash, timingSafeEqual } from 'node:crypto';

/** Hex sha256: what is kept of a token that is only ever compared. */
export const digestToken = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Compares in a time that does not depend on where two digests differ. */
export function isSameDigest(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
