import { once } from 'node:events';
import { createServer } from 'node:http';
import type { RequestListener, Server } from 'node:http';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from '@jest/globals';
import { Agent, request } from 'undici';
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

/** A connection of its own for each call. */
async function call(body = ''): Promise<{ server: unknown; body: string }> {
  const dispatcher = new Agent({ pipelining: 0 });
  const answer = await request(`http://127.0.0.1:${forwarder.port}/`, { method: 'POST', body, dispatcher });
  const text = await answer.body.text();
  await dispatcher.close();
  return { server: answer.headers['x-server'], body: text };
}

test('connections take turns, and bodies pass unchanged', async () => {
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

test('with every server down the caller is cut off', async () => {
  const gone = await named('gone');
  servers.pop()?.close();
  forwarder = await startForwarder({ targets: [gone] });
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
