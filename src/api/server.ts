import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server, ServerResponse } from 'node:http';

export interface HttpServer {
  readonly server: Server;
  /** Takes no new connections, and resolves when the requests under way are answered: it waits for nothing else. */
  close(): Promise<void>;
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
  const underWay = new Set<ServerResponse>();
  server.on('request', (_, response) => {
    underWay.add(response);
    response.once('close', () => underWay.delete(response));
  });

  return {
    server,
    async close() {
      const closed = once(server, 'close');
      server.close();
      for (const response of underWay) await once(response, 'close');
      // What is left has sent no request, or waits to send its next. Node checks no time limit of a closing server.
      server.closeAllConnections();
      await closed;
    },
  };
}
