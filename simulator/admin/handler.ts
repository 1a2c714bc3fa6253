import type { IncomingMessage, ServerResponse } from 'node:http';
import { parseJson, readBody } from '../api/read-body.ts';
import { bytes, json, Refusal, type Reply } from '../api/reply.ts';
import type { Simulator } from '../simulator.ts';
import { adminRoutes } from './routes.ts';

const PREFIX = '/__simulator/';

const routes = Object.entries(adminRoutes).map(([name, run]) => ({ pattern: patternOf(name), run }));

export function isAdminPath(url = ''): boolean {
  return url.startsWith(PREFIX);
}

/** The simulator's own API: the library's functions over HTTP, for loopback callers only. */
export function createAdminHandler(simulator: Simulator) {
  return async function handleAdmin(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { status, headers, body } = await answer(simulator, request).catch(presentError);
    response.writeHead(status, headers);
    response.end(body);
  };
}

async function answer(simulator: Simulator, request: IncomingMessage): Promise<Reply> {
  if (!isLoopback(request.socket.remoteAddress)) return json({ error: 'loopback only' }, 403);
  const { pathname } = new URL(`http://simulator${request.url ?? '/'}`);
  const asked = `${request.method ?? 'GET'} ${pathname.slice(PREFIX.length)}`;
  const body = parseJson(await readBody(request)) ?? {};
  for (const { pattern, run } of routes) {
    const found = pattern.exec(asked);
    if (found === null) continue;
    const { id = '', name = '' } = found.groups ?? {};
    return present(await run(simulator, { id, name, body }));
  }
  return json({ error: `there is no ${asked}` }, 404);
}

function patternOf(route: string): RegExp {
  return new RegExp(`^${route.replace(/:(\w+)/g, '(?<$1>[^/]+)')}$`);
}

function present(result: unknown): Reply {
  return typeof result === 'string' ? bytes(result, 'text/plain') : json(result ?? {});
}

function presentError(error: unknown): Reply {
  if (error instanceof Refusal) return error.reply;
  return json({ error: error instanceof Error ? error.message : String(error) }, 400);
}

function isLoopback(address = ''): boolean {
  return address === '::1' || address.replace('::ffff:', '').startsWith('127.');
}
