import { afterEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import type { RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { sendHttp } from '../../test/support/http.ts';
import { createHttpServer } from './server.ts';
import type { HttpServer } from './server.ts';

let http: HttpServer;
afterEach(() => {
  http.server.close();
  http.server.closeAllConnections();
});

async function listen(listener: RequestListener): Promise<number> {
  http = createHttpServer(listener);
  await once(http.server.listen(0, '127.0.0.1'), 'listening');
  return (http.server.address() as AddressInfo).port;
}

test('closing waits for the requests under way, and takes no new ones', async () => {
  const arrived = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<void>();
  const port = await listen((_, response) => {
    arrived.resolve();
    void answer.promise.then(() => response.end('done'));
  });
  const url = `http://127.0.0.1:${port}/`;
  const underWay = sendHttp(url, { headers: { connection: 'close' } });
  await arrived.promise;

  const closed = http.close();
  await expect(sendHttp(url)).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  answer.resolve();
  expect((await underWay).text).toBe('done');
  await closed;
});

test('closing does not wait for idle connections', async () => {
  const socket = connect(await listen((_, response) => void response.end()), '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(socket, 'data');
  await http.close();
  socket.destroy();
});

test('closing lets those who keep a connection open send once more, and tells them to come on another', async () => {
  const socket = connect(await listen((_, response) => void response.end('done')), '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  await once(socket, 'data');
  const closed = http.close(60_000);
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  expect(await text(socket)).toMatch(/^HTTP\/1\.1 200 [^]*connection: close[^]*done/i);
  await closed;
});

test('closing does not wait for a caller who says nothing', async () => {
  const connected = connect(await listen(() => {}), '127.0.0.1');
  await Promise.all([once(http.server, 'connection'), once(connected, 'connect')]);
  await http.close();
  connected.destroy();
});

test('closing does not wait for more requests on a connection once its last is answered', async () => {
  const arrived = Promise.withResolvers<ServerResponse>();
  const socket = connect(await listen((_, response) => arrived.resolve(response)), '127.0.0.1');
  socket.write('GET / HTTP/1.1\r\nHost: x\r\n\r\n');
  const response = await arrived.promise;
  response.write('first');

  const closed = http.close();
  response.end('last');
  expect(await text(socket)).toContain('last');
  await closed;
});

test.each([
  ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n'],
  [
    'a length and chunks',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['a folded header', 'GET / HTTP/1.1\r\nHost: x\r\nA: b\r\n c\r\n\r\n'],
  ['no host', 'GET / HTTP/1.1\r\n\r\n'],
  ['too much header', `GET / HTTP/1.1\r\nHost: x\r\nA: ${'x'.repeat(20_000)}\r\n\r\n`],
])('a request with %s is refused before any route sees it', async (_, bytes) => {
  let requests = 0;
  const port = await listen((__, response) => {
    requests += 1;
    response.end();
  });
  const socket = connect(port, '127.0.0.1');
  socket.write(bytes);
  const [data] = (await once(socket, 'data')) as [Buffer];
  expect(data.toString()).toMatch(/^HTTP\/1\.1 (400|431) /);
  expect(requests).toBe(0);
  socket.destroy();
});

test('slow callers are given seconds, not minutes', () => {
  http = createHttpServer(() => {});
  expect(http.server).toMatchObject({ headersTimeout: 10_000, requestTimeout: 15_000, maxHeadersCount: 60 });
});
