import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from '@jest/globals';
import { findFreePort } from './free-port.ts';

test('a preferred port is taken while it is free, and left when somebody listens there', async () => {
  const preferred = await findFreePort();
  expect(await findFreePort(preferred)).toBe(preferred);

  const server = createServer().listen(preferred, '127.0.0.1');
  await once(server, 'listening');
  try {
    const other = await findFreePort(preferred);
    expect(other).not.toBe((server.address() as AddressInfo).port);
    expect(other).toBeGreaterThan(0);
  } finally {
    server.close();
  }
});

test('with patience a listener that goes away is waited for', async () => {
  const preferred = await findFreePort();
  const server = createServer().listen(preferred, '127.0.0.1');
  await once(server, 'listening');
  const found = findFreePort(preferred, 10_000);
  server.close();
  expect(await found).toBe(preferred);
});

test('a free port is none of those that systems give to whoever asks for any: no such listener can take it first', async () => {
  const found = await Promise.all(Array.from({ length: 50 }, () => findFreePort()));
  for (const port of found) expect(port).toBeLessThan(32_768);
  expect(new Set(found).size).toBeGreaterThan(45);
});
