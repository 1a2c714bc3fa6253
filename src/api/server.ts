import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';

/** A server that slow, silent or talkative callers cannot hold. Node's own limits are minutes. */
export function createHttpServer(listener: RequestListener): Server {
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
  return server;
}

/** Takes no new connections, and resolves when the requests under way are answered. */
export async function closeServer(server: Server): Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>();
  server.close(() => resolve());
  server.closeIdleConnections();
  await promise;
}
