import type { IncomingMessage } from 'node:http';
import type { Middleware } from 'koa';
import { AddonError } from '../../domain/errors.ts';
import { announcedBytes, announcesBody } from '../headers.ts';
import type { BodyState, JsonState } from '../state.ts';

export const kibibyte = 1024;

/** Reads an uncompressed JSON body as bytes, counted while it streams: a length header can lie or be absent. */
export function readBody(maxBytes: number): Middleware<BodyState> {
  return async function readBody(ctx, next) {
    assertJsonBody(ctx.req);
    ctx.state.body = await readBytes(ctx.req, maxBytes);
    await next();
  };
}

/** Reads a JSON body and parses it; no body at all reads as undefined. */
export function readJson(maxBytes: number): Middleware<BodyState & JsonState> {
  const readBytesFirst = readBody(maxBytes);
  return function readJson(ctx, next) {
    return readBytesFirst(ctx, async () => {
      ctx.state.json = parseJson(ctx.state.body);
      await next();
    });
  };
}

/** Throws `unsupported_media_type` for a body that is announced as something else than uncompressed JSON. */
export function assertJsonBody(request: IncomingMessage): void {
  assertUncompressed(request);
  assertJsonType(request);
}

function assertUncompressed({ headers }: IncomingMessage): void {
  const encoding = headers['content-encoding'];
  if (encoding === undefined || encoding.toLowerCase() === 'identity') return;
  throw new AddonError('unsupported_media_type', 'The body must not be compressed.');
}

function assertJsonType(request: IncomingMessage): void {
  if (
    !announcesBody(request) ||
    /^application\/json\s*(;\s*charset="?utf-8"?\s*)?$/i.test(request.headers['content-type'] ?? '')
  )
    return;
  throw new AddonError('unsupported_media_type', 'The body must be application/json in UTF-8.');
}

/** Throws `payload_too_large` for a body that announces to be. */
export function assertSize(announced: number, maxBytes: number): void {
  if (announced > maxBytes) throw tooLarge(maxBytes, announced);
}

/** The bytes of a body, counted while it streams. Throws `payload_too_large`, and `invalid_request` when it breaks off. */
export async function readBytes(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  try {
    return await collect(request, maxBytes);
  } catch (error) {
    if (request.complete || !request.errored) throw error;
    throw new AddonError('invalid_request', 'The body broke off.');
  }
}

async function collect(request: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  // Destroying the stream would take the connection with it, and the answer.
  for await (const chunk of request.iterator({ destroyOnReturn: false }) as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw tooLarge(maxBytes, Math.max(bytes, announcedBytes(request.headers)));
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const tooLarge = (maxBytes: number, actualBytes: number): AddonError =>
  new AddonError('payload_too_large', 'The body is too large.', { max_bytes: maxBytes, actual_bytes: actualBytes });

function parseJson(body: Buffer): unknown {
  if (body.length === 0) return undefined;
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new AddonError('invalid_request', 'The body is not JSON.');
  }
}
