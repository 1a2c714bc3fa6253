import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Whoever asks for any port gets one of 32,768 and above (Linux; others begin at 49,152): one of those, found free, may
 * be another's before its user listens. Browsers and fetch refuse some ports up to 10,080.
 */
const range = { first: 10_240, end: 32_768 } as const;
const mostTries = 100;

async function listenOnce(port: number): Promise<number> {
  const server = createServer().listen(port, '127.0.0.1');
  await once(server, 'listening');
  const { port: bound } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return bound;
}

async function listenAnywhere(): Promise<number> {
  for (let tries = 1; ; tries++) {
    try {
      return await listenOnce(randomInt(range.first, range.end));
    } catch (error) {
      if (tries === mostTries) throw error;
    }
  }
}

/**
 * The preferred port of 127.0.0.1, else any free one that nobody is given by chance. Patience is for a listener that is
 * just going away; without it the first look decides.
 */
export async function findFreePort(preferred?: number, patienceMs = 0): Promise<number> {
  if (preferred === undefined) return listenAnywhere();
  for (const until = Date.now() + patienceMs; ; await sleep(100)) {
    try {
      return await listenOnce(preferred);
    } catch {
      if (Date.now() >= until) return listenAnywhere();
    }
  }
}
