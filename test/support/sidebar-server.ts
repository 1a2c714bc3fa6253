import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join } from 'node:path';
import { sharedPart } from './shared-part.ts';

/** A request of the page to the bootstrap routes. */
interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly token: string | undefined;
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

export type SidebarServer = Awaited<ReturnType<typeof startSidebarServer>>;

const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "connect-src 'self'",
  "img-src 'self' data:",
  "base-uri 'none'",
  "form-action 'none'",
  "require-trusted-types-for 'script'",
].join('; ');

const mediaTypes: Record<string, string> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

/** Serves the built page as the API does, with answers of the bootstrap routes that a test puts in place. */
export async function startSidebarServer() {
  const { directory } = await sharedPart('sidebar');

  const seen: SeenRequest[] = [];
  let answer: (request: SeenRequest) => Answer;
  const server = createServer((request, response) => void serve(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    /** Decides from now on what the bootstrap routes answer. */
    answerWith(next: typeof answer) {
      seen.length = 0;
      answer = next;
    },
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const { pathname } = new URL(request.url ?? '/', 'http://sidebar');
    if (!pathname.startsWith('/bootstrap/')) return serveFile(pathname, response);

    const text = (await request.toArray()).join('');
    const body: unknown = text === '' ? null : JSON.parse(text);
    const token = request.headers['x-addon-token']?.toString();
    const call = { method: request.method ?? '', path: pathname, token, body };
    seen.push(call);
    const { status, body: reply } = answer(call);
    return response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(reply));
  }

  async function serveFile(pathname: string, response: ServerResponse) {
    const name = pathname === '/ui' ? 'index.html' : pathname.replace('/ui/', '');
    const file = await readFile(join(directory, name)).catch(() => null);
    if (file === null) return response.writeHead(404).end();
    const type = mediaTypes[extname(name)] ?? 'application/octet-stream';
    return response.writeHead(200, { 'Content-Type': type, 'Content-Security-Policy': policy }).end(file);
  }
}
