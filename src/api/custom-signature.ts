import { createHmac } from 'node:crypto';
import { invalidToken } from '../domain/token-kind.ts';
import type { Secret } from '../platform/secret.ts';
import { isSameDigest } from '../platform/token-digest.ts';

/** Seconds by which the time of a call may differ from ours. */
const tolerance = 300;

export interface ClaimedSignature {
  /** Unix seconds, as text. */
  readonly timestamp: string;
  /** Hex HMAC-SHA256 of the timestamp, a dot and the body. */
  readonly signature: string;
}

/** Looks at what a caller claims before the body is read. `now` in seconds. Throws `invalid_token`. */
export function readClaimedSignature(
  timestamp: string | undefined,
  signature: string | undefined,
  now: number,
): ClaimedSignature {
  if (timestamp === undefined || signature === undefined) throw invalidToken('missing');
  if (!/^\d{1,12}$/.test(timestamp) || !/^[0-9a-f]{64}$/.test(signature)) throw invalidToken('malformed');
  if (Number(timestamp) < now - tolerance) throw invalidToken('expired');
  if (Number(timestamp) > now + tolerance) throw invalidToken('issued_in_future');
  return { timestamp, signature };
}

/** What a source signs. */
export const buildSignedMessage = (timestamp: string, raw: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${timestamp}.`), raw]);

/** Throws `invalid_token` unless the message was signed with the secret. */
export function assertSigned(message: Buffer, signature: string, secret: Secret): void {
  const expected = createHmac('sha256', secret.reveal()).update(message).digest('hex');
  if (!isSameDigest(expected, signature)) throw invalidToken('signature');
}
