import type { IncomingMessage } from 'node:http';
import { refuse } from './reply.ts';

const MAX_BODY_BYTES = 1024 * 1024;

/** The raw body of a request; 413 above 1 MiB. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) throw refuse(413, null, 'Body too large');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** The JSON of a body, null for an empty one; 400 code 3002 when it cannot be read. */
export function parseJson(body: Buffer): unknown {
  if (body.length === 0) return null;
  try {
    return JSON.parse(body.toString());
  } catch {
    throw refuse(400, 3002, 'Body is not readable');
  }
}
