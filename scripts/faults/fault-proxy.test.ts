import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { AddressInfo, Server, Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startFaultProxy } from './fault-proxy.ts';
import type { FaultProxy } from './fault-proxy.ts';

let echo: Server;
let heard: string[];
let proxy: FaultProxy;
const clients: Socket[] = [];

beforeEach(async () => {
  heard = [];
  echo = createServer((socket) => {
    socket.on('error', () => {});
    socket.on('data', (bytes) => {
      heard.push(String(bytes));
      socket.write(`echo ${String(bytes)}`);
    });
  });
  await once(echo.listen(0, '127.0.0.1'), 'listening');
  proxy = await startFaultProxy([(echo.address() as AddressInfo).port]);
});

afterEach(async () => {
  for (const client of clients.splice(0)) client.destroy();
  await proxy.close();
  echo.close();
});

async function open(port = proxy.port): Promise<Socket> {
  const client = connect(port, '127.0.0.1');
  client.setNoDelay(true).on('error', () => {});
  clients.push(client);
  await new Promise((resolve) => client.once('connect', resolve).once('close', resolve));
  return client;
}

async function ask(client: Socket, text: string): Promise<string> {
  client.write(text);
  const [answer] = (await once(client, 'data')) as [Buffer];
  return String(answer);
}

/** Resolves with what came first: an answer, or the end of the connection. */
const firstOf = (client: Socket): Promise<string> =>
  new Promise((resolve) => {
    if (client.closed) resolve('closed');
    client.once('data', (bytes) => resolve(String(bytes))).once('close', () => resolve('closed'));
  });

describe('a proxy that is open', () => {
  it('passes on what both ends say', async () => {
    expect(await ask(await open(), 'hello')).toBe('echo hello');
  });

  it('passes over a target that refuses', async () => {
    const gone = await startFaultProxy([1, (echo.address() as AddressInfo).port]);
    expect(await ask(await open(gone.port), 'hello')).toBe('echo hello');
    await gone.close();
  });

  it('resets the caller when no target is there', async () => {
    const gone = await startFaultProxy([1]);
    expect(await firstOf(await open(gone.port))).toBe('closed');
    await gone.close();
  });
});

describe('a fault', () => {
  it('resets new connections while the proxy refuses, and leaves the old ones', async () => {
    const old = await open();
    await ask(old, 'one');
    proxy.setMode({ kind: 'refuse' });
    expect(await firstOf(await open())).toBe('closed');
    expect(await ask(old, 'two')).toBe('echo two');
  });

  it('cuts every connection', async () => {
    const client = await open();
    await ask(client, 'one');
    proxy.cut();
    expect(await firstOf(client)).toBe('closed');
  });

  it('leaves a frozen connection silent, while a new one works', async () => {
    const frozen = await open();
    await ask(frozen, 'one');
    proxy.freeze();
    frozen.write('lost');
    expect(await ask(await open(), 'two')).toBe('echo two');
    expect(heard).toEqual(['one', 'two']);
  });

  it('leaves a connection that was made in silence silent for ever', async () => {
    const old = await open();
    await ask(old, 'one');
    proxy.setMode({ kind: 'silent' });
    (await open()).write('lost');
    await ask(old, 'two');
    proxy.setMode({ kind: 'open' });
    expect(await ask(await open(), 'three')).toBe('echo three');
    expect(heard).toEqual(['one', 'two', 'three']);
  });

  it('holds each message back when the proxy is slow', async () => {
    proxy.setMode({ kind: 'slow', delayMs: 60 });
    const client = await open();
    const answer = ask(client, 'late');
    await ask(await open((echo.address() as AddressInfo).port), 'early');
    expect(await answer).toBe('echo late');
    expect(heard).toEqual(['early', 'late']);
  });
});

describe('a moment', () => {
  it('before the request: what is said does not arrive until it is released', async () => {
    const held = proxy.hold({ markers: ['insert', 'commit'], side: 'request' });
    const client = await open();
    await ask(client, 'INSERT');
    client.write('COMMIT');
    const stopped = await held;
    expect(heard).toEqual(['INSERT']);
    stopped.release();
    expect(await firstOf(client)).toBe('echo COMMIT');
  });

  it('before the answer: what is said arrives, and the answer is lost when it is cut', async () => {
    const held = proxy.hold({ markers: ['commit'], side: 'answer' });
    const client = await open();
    client.write('commit');
    const stopped = await held;
    const other = await open();
    await ask(other, 'x');
    expect(heard).toEqual(['commit', 'x']);
    stopped.cut();
    expect(await firstOf(client)).toBe('closed');
  });

  it('is noticed although the network cuts the word in two', async () => {
    const held = proxy.hold({ markers: ['commit'], side: 'request' });
    const client = await open();
    await ask(client, 'com');
    client.write('mit');
    (await held).release();
    expect(await firstOf(client)).toBe('echo mit');
  });

  it('stops one connection and no other', async () => {
    const held = proxy.hold({ markers: ['commit'], side: 'request' });
    const [first, second] = [await open(), await open()];
    first.write('commit');
    await held;
    expect(await ask(second, 'commit')).toBe('echo commit');
  });

  it('is given up when it never comes', async () => {
    const waiting = new AbortController();
    const held = proxy.hold({ markers: ['commit'], side: 'request' }, waiting.signal);
    waiting.abort();
    await expect(held).rejects.toThrow('never came');
    expect(await ask(await open(), 'commit')).toBe('echo commit');
  });
});
