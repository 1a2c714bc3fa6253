import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import type { Middleware } from 'koa';
import { errorHandler } from '../../src/api/middleware/error-handler.ts';
import { requestContext } from '../../src/api/middleware/request-context.ts';
import { createLogger } from '../../src/platform/logger.ts';
import { sendHttp } from './http.ts';
import type { HttpAnswer, HttpRequest } from './http.ts';

export interface KoaApp {
  readonly port: number;
  readonly log: string[];
  send(path: string, request?: HttpRequest): Promise<HttpAnswer>;
  stop(): Promise<void>;
}

/** Middleware on a free port, behind the request context and the error handler. */
export async function startKoaApp(...middleware: Middleware<never>[]): Promise<KoaApp> {
  const log: string[] = [];
  const app = new Koa();
  app.use(requestContext(createLogger('debug', { write: (line) => void log.push(line) })));
  app.use(errorHandler());
  for (const part of middleware) app.use(part as unknown as Middleware);
  const handle = app.callback();
  const server = createServer((request, response) => void handle(request, response));
  await once(server.listen(0, '127.0.0.1'), 'listening');
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  return {
    port,
    log,
    send: (path, request) => sendHttp(url + path, request),
    async stop() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}
