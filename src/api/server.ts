import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server, ServerResponse } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';

export interface HttpServer {
  readonly server: Server;
  /**
   * Takes no new connections, and resolves when the requests under way are answered. Callers who keep a connection open
   * may be sending on it: for `lingerMs` at most, each gets its answer and is told to come on another one. It waits for
   * nothing else.
   */
  close(lingerMs?: number): Promise<void>;
}

/** A server that slow, silent or talkative callers cannot hold. Node's own limits are minutes. */
export function createHttpServer(listener: RequestListener): HttpServer {
  const server = createServer(
    {
      headersTimeout: 10_000,
      requestTimeout: 15_000,
      connectionsCheckingInterval: 1_000,
      // Longer than load balancers keep an idle connection, so that they never send into one that we close.
      keepAliveTimeout: 75_000,
      maxHeaderSize: 16 * 1024,
    },
    listener,
  );
  server.maxHeadersCount = 60;
  server.maxConnections = 5_000;
  // Its close calls this, and would cut idle connections while callers send on them.
  server.closeIdleConnections = () => {};
  const underWay = new Set<ServerResponse>();
  let isClosing = false;
  server.prependListener('request', (_, response: ServerResponse) => {
    if (isClosing) response.shouldKeepAlive = false;
    underWay.add(response);
    response.once('close', () => underWay.delete(response));
  });

  return {
    server,
    async close(lingerMs = 0) {
      const closed = once(server, 'close');
      isClosing = true;
      server.close();
      for (const response of underWay) response.shouldKeepAlive = false;
      await Promise.race([closed, sleep(lingerMs, undefined, { ref: false })]);
      for (const response of underWay) await once(response, 'close');
      // What is left has sent no request, or waits to send its next. Node checks no time limit of a closing server.
      server.closeAllConnections();
      await closed;
    },
  };
}
