import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, relative } from 'node:path';
import { sharedPart } from './shared-part.ts';
import { createSidebarInbox } from './sidebar-inbox.ts';

/** A request of the page. */
export interface SeenRequest {
  readonly method: string;
  readonly path: string;
  readonly token: string | undefined;
  /** The place from which a stream is to be resumed. */
  readonly lastEventId: string | undefined;
  readonly body: unknown;
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

interface Refusal {
  readonly error: string;
}

interface StatusStream {
  readonly call: SeenRequest;
  readonly response: ServerResponse;
  sentId: string | undefined;
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

const nothingYet = {
  actions: { status: 200, body: { actions: [] } },
  diagnosis: { status: 200, body: { diagnosis: null } },
  coverage: { status: 200, body: { entities: [], events: [], feeds: [] } },
};

/** By their path. Once read, they stay what they were, also when somebody builds the page anew. */
async function readFiles(directory: string): Promise<Map<string, Buffer>> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return new Map(
    await Promise.all(paths.map(async (path) => [relative(directory, path), await readFile(path)] as const)),
  );
}

/**
 * Serves the built page as the API does, with answers of the bootstrap routes that a test puts in place. The stream of
 * the status sends what its answer is by now, whenever that may have changed, and ends when it is a refusal.
 */
export async function startSidebarServer() {
  const files = await readFiles((await sharedPart('sidebar')).directory);

  const seen: SeenRequest[] = [];
  const inbox = createSidebarInbox();
  const streams = new Set<StatusStream>();
  let answer: (request: SeenRequest) => Answer;
  let lists: { readonly actions: Answer; readonly diagnosis: Answer; readonly coverage: Answer } = nothingYet;
  const server = createServer((request, response) => void serve(request, response));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');

  return {
    origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    inbox,
    /** Decides from now on what the bootstrap routes answer. */
    answerWith(next: typeof answer, given: Partial<typeof lists> = {}) {
      seen.length = 0;
      answer = next;
      lists = { ...nothingYet, ...given };
      tellStreams();
    },
    /** Cuts the streams that are open, as a network does. */
    cutStreams() {
      for (const { response } of streams) response.destroy();
    },
    streams: () => streams.size,
    async close() {
      server.closeAllConnections();
      server.close();
    },
  };

  async function serve(request: IncomingMessage, response: ServerResponse) {
    const { pathname, search, searchParams } = new URL(request.url ?? '/', 'http://sidebar');
    const isInbox = /^\/ui\/(webhooks|entities)(\/|$)/.test(pathname);
    if (!isInbox && !pathname.startsWith('/bootstrap/')) return serveFile(pathname, response);

    const text = (await request.toArray()).join('');
    const body: unknown = text === '' ? null : JSON.parse(text);
    const token = request.headers['x-addon-token']?.toString();
    const lastEventId = request.headers['last-event-id']?.toString();
    const call = { method: request.method ?? '', path: pathname, token, lastEventId, body };
    if (isInbox) return inbox.serve({ ...call, path: pathname + search }, response);
    seen.push(call);
    const { status, body: reply } = choose(call);
    if (pathname.endsWith('/events') && status === 200) {
      openStream(call, response);
      // For a proxy that passes on what is whole.
      return searchParams.has('once') && response.end();
    }
    response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(reply));
    return tellStreams();
  }

  function choose(call: SeenRequest): Answer {
    if (call.method === 'GET' && call.path.endsWith('/actions')) return lists.actions;
    if (call.method === 'GET' && call.path.endsWith('/diagnosis')) return lists.diagnosis;
    if (call.method === 'GET' && call.path.endsWith('/coverage')) return lists.coverage;
    return answer(call);
  }

  function openStream(call: SeenRequest, response: ServerResponse): void {
    const stream = { call, response, sentId: call.lastEventId };
    streams.add(stream);
    response.on('close', () => streams.delete(stream));
    response.writeHead(200, { 'Content-Type': 'text/event-stream' }).write(': connected\n\n');
    tellStreams();
  }

  function tellStreams(): void {
    for (const stream of streams) {
      if (stream.response.writableEnded) continue;
      const { status, body } = answer(stream.call);
      const data = JSON.stringify(body);
      const id = createHash('sha256').update(data).digest('hex');
      if (status !== 200)
        stream.response.end(`event: end\ndata: {"code":${JSON.stringify((body as Refusal).error)}}\n\n`);
      else if (id !== stream.sentId) stream.response.write(`event: status\nid: ${id}\ndata: ${data}\n\n`);
      stream.sentId = id;
    }
  }

  function serveFile(pathname: string, response: ServerResponse) {
    const name = pathname === '/ui' ? 'index.html' : pathname.replace('/ui/', '');
    const file = files.get(name);
    if (file === undefined) return response.writeHead(404).end();
    const type = mediaTypes[extname(name)] ?? 'application/octet-stream';
    return response.writeHead(200, { 'Content-Type': type, 'Content-Security-Policy': policy }).end(file);
  }
}
