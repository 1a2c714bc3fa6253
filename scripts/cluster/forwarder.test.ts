import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { startForwarder } from './forwarder.ts';
import type { Forwarder } from './forwarder.ts';

const servers: Server[] = [];
let forwarder: Forwarder;

afterEach(async () => {
  await forwarder.stop();
  for (const server of servers.splice(0)) server.close().closeAllConnections();
});

async function listen(listener: RequestListener): Promise<number> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  servers.push(server);
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
}

const named = (name: string): Promise<number> =>
  listen((incoming, response) => void incoming.pipe(response.setHeader('x-server', name)));

const send = (body = ''): Promise<Response> =>
  fetch(`http://127.0.0.1:${forwarder.port}/path?a=b`, { method: 'POST', body });

async function call(body = ''): Promise<{ server: string | null; body: string }> {
  const answer = await send(body);
  return { server: answer.headers.get('x-server'), body: await answer.text() };
}

test('requests take turns, and bodies pass unchanged', async () => {
  forwarder = await startForwarder({ targets: [await named('first'), await named('second')] });
  const large = 'x'.repeat(1_000_000);
  const answers = [await call(), await call(large), await call()];
  expect(answers.map(({ server }) => server)).toEqual(['first', 'second', 'first']);
  expect(answers[1]?.body).toBe(large);
});

test('a server that is down is passed over', async () => {
  const gone = await named('gone');
  servers.pop()?.close();
  forwarder = await startForwarder({ targets: [gone, await named('there')] });
  expect([await call(), await call()].map(({ server }) => server)).toEqual(['there', 'there']);
});

test('with every server down the answer is 502', async () => {
  const gone = await named('gone');
  servers.pop()?.close();
  forwarder = await startForwarder({ targets: [gone] });
  expect((await send()).status).toBe(502);
});

test('method, path, headers and status pass unchanged', async () => {
  const port = await listen((incoming, response) => {
    const { method, url, headers } = incoming;
    response.writeHead(418).end(JSON.stringify([method, url, headers['x-mark']]));
  });
  forwarder = await startForwarder({ targets: [port] });
  const url = `http://127.0.0.1:${forwarder.port}/path?a=b`;
  const answer = await fetch(url, { method: 'PUT', headers: { 'x-mark': 'kept' } });
  expect([answer.status, await answer.json()]).toEqual([418, ['PUT', '/path?a=b', 'kept']]);
});

test('a server that breaks off in the middle of an answer breaks off for the caller too', async () => {
  const port = await listen((_incoming, response) => {
    response.writeHead(200, { 'content-length': 10 }).write('half');
    response.destroy();
  });
  forwarder = await startForwarder({ targets: [port] });
  await expect(call()).rejects.toThrow();
});

test('an answer that never ends reaches the caller piece by piece', async () => {
  const port = await listen((_incoming, response) => void response.write('event: hello\n\n'));
  forwarder = await startForwarder({ targets: [port] });
  const answer = await fetch(`http://127.0.0.1:${forwarder.port}/`);
  const { value } = await (answer.body as ReadableStream<Uint8Array>).getReader().read();
  expect(Buffer.from(value as Uint8Array).toString()).toBe('event: hello\n\n');
});

test('a caller that leaves is told to the server', async () => {
  const left = Promise.withResolvers<void>();
  const port = await listen((_incoming, response) => {
    response.once('close', left.resolve);
    response.flushHeaders();
  });
  forwarder = await startForwarder({ targets: [port] });
  const caller = connect(forwarder.port, '127.0.0.1');
  caller.write('GET / HTTP/1.1\r\nhost: x\r\n\r\n');
  await once(caller, 'data');
  caller.destroy();
  await left.promise;
});
