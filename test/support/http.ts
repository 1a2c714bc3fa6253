import { request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';

export interface HttpRequest {
  readonly method?: string;
  /** A list sends the header once for each value. */
  readonly headers?: Readonly<Record<string, string | string[]>>;
  /** Anything but text and bytes is sent as JSON. */
  readonly body?: unknown;
  /** Without a length, in one chunk. */
  readonly chunked?: boolean;
}

export interface HttpAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON; throws when it is something else. */
  json(): Record<string, unknown>;
}

/** One request as it is written, without what `fetch` would add, repair or refuse. */
export function sendHttp(
  url: string,
  { method = 'GET', headers = {}, body, chunked }: HttpRequest = {},
): Promise<HttpAnswer> {
  const { promise, resolve, reject } = Promise.withResolvers<HttpAnswer>();
  const bytes = toBytes(body);
  const { hostname, port } = new URL(url);
  const outgoing = request(
    {
      hostname,
      port,
      method,
      // Not through `URL`, which would tidy the path.
      path: url.slice(url.indexOf('/', 'http://'.length)),
      headers: {
        ...(bytes !== undefined && { 'content-type': 'application/json' }),
        ...(bytes !== undefined && chunked !== true && { 'content-length': String(bytes.length) }),
        ...headers,
      },
    },
    (answer) => {
      const chunks: Buffer[] = [];
      answer.on('data', (chunk: Buffer) => chunks.push(chunk));
      answer.on('error', reject);
      answer.on('end', () => {
        const text = Buffer.concat(chunks).toString('utf8');
        const json = (): Record<string, unknown> => JSON.parse(text) as Record<string, unknown>;
        resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text, json });
      });
    },
  );
  outgoing.on('error', reject);
  outgoing.end(bytes);
  return promise;
}

function toBytes(body: unknown): Buffer | undefined {
  if (body === undefined) return undefined;
  if (Buffer.isBuffer(body)) return body;
  return Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
}
