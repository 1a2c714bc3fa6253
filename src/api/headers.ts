import type { IncomingMessage } from 'node:http';
import { AddonError } from '../domain/errors.ts';

/** The one value of a header. Two are refused: which of them another hop saw cannot be known. */
export function readSingleHeader(request: IncomingMessage, name: string): string | undefined {
  const [value, ...others] = request.headersDistinct[name] ?? [];
  if (others.length > 0) throw new AddonError('invalid_request', `The header ${name} must come once.`);
  return value;
}

/** Whether the request announces a body. */
export const announcesBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || announcedBytes(headers) > 0;

/** The length the request claims to have; it may be absent, and it may be wrong. */
export const announcedBytes = (headers: IncomingMessage['headers']): number => Number(headers['content-length'] ?? 0);
