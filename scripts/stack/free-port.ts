import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

async function listenOnce(port: number): Promise<number> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: bound } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return bound;
}

/**
 * The preferred port of 127.0.0.1, else any free one. Patience is for a listener that is just going away; without it
 * the first look decides.
 */
export async function findFreePort(preferred = 0, patienceMs = 0): Promise<number> {
  for (const until = Date.now() + patienceMs; ; await sleep(100)) {
    try {
      return await listenOnce(preferred);
    } catch {
      if (Date.now() >= until) return listenOnce(0);
    }
  }
}
