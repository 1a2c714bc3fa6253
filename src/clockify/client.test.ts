import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import { createClockifyClient } from './client.ts';
import { Secret } from '../platform/secret.ts';
import type { ClockifyClient, ClockifyRequest } from './client.ts';

const token = 'installation-token';
const credential = { kind: 'addon', secret: new Secret(token) } as const;
const mebibyte = 1024 * 1024;

let handler: RequestListener;
let seen: { request: IncomingMessage; body: string }[] = [];
let outcomes: (number | null)[] = [];
let origin: string;
let client: ClockifyClient;

const server = createServer((request, response) => {
  const entry = { request, body: '' };
  seen.push(entry);
  request.setEncoding('utf8').on('data', (chunk: string) => (entry.body += chunk));
  request.on('end', () => handler(request, response));
});
/** What a redirect must never lead to. */
let trespasses = 0;
const elsewhere = createServer((_, response) => {
  trespasses += 1;
  response.end('[]');
});
const originOf = (of: typeof server) => `http://127.0.0.1:${(of.address() as AddressInfo).port}`;

beforeAll(async () => {
  await Promise.all([server, elsewhere].map((one) => once(one.listen(0, '127.0.0.1'), 'listening')));
  origin = originOf(server);
});
afterAll(() => {
  for (const one of [server, elsewhere]) {
    one.close();
    one.closeAllConnections();
  }
});
beforeEach(() => {
  handler = answer(200, '[]');
  seen = [];
  outcomes = [];
  trespasses = 0;
  client = createClient();
});
afterEach(() => client.close());

function createClient(timeouts = { idleMs: 5_000, totalMs: 10_000 }): ClockifyClient {
  return createClockifyClient({
    allowedDomains: [origin],
    onAnswer: (status) => outcomes.push(status),
    timeouts,
  });
}

function answer(status: number, body: string | Buffer, headers: Record<string, string | string[]> = {}) {
  return (_: IncomingMessage, response: ServerResponse) => void response.writeHead(status, headers).end(body);
}

const call = (given: Partial<ClockifyRequest> = {}) =>
  client.call({ method: 'GET', url: new URL('/v1/tags?page=1', origin), credential, ...given });
const failure = (code: string) => expect.objectContaining({ name: 'AddonError', code });

describe('a request', () => {
  it('carries the token in one header and nothing about the caller', async () => {
    await call();
    expect(seen[0]?.request.headers).toEqual({
      host: new URL(origin).host,
      connection: 'keep-alive',
      'x-addon-token': token,
      accept: 'application/json',
      'accept-encoding': 'identity',
    });
    expect(seen[0]).toMatchObject({ request: { method: 'GET', url: '/v1/tags?page=1' }, body: '' });
  });

  it('with the key of a person carries it in its own header, and never beside a token', async () => {
    await call({ credential: { kind: 'personal', secret: new Secret('the-key') } });
    expect(seen[0]?.request.headers).toMatchObject({ 'x-api-key': 'the-key' });
    expect(seen[0]?.request.headers).not.toHaveProperty('x-addon-token');
  });

  it('with a body sends it as JSON', async () => {
    await call({ method: 'POST', body: { page: 1, statuses: ['ALL'] } });
    expect(seen[0]?.request.headers).toMatchObject({ 'content-type': 'application/json', 'content-length': '29' });
    expect(seen[0]?.body).toBe('{"page":1,"statuses":["ALL"]}');
  });

  it('to an address off the list is refused before a connection', async () => {
    const url = new URL('/v1/tags', originOf(elsewhere));
    await expect(call({ url })).rejects.toEqual(failure('egress_refused'));
    expect([trespasses, outcomes]).toEqual([0, []]);
  });

  it.each([
    ['addon', 'line\nfeed'],
    ['personal', 'NUL\0'],
  ] as const)('with a credential (%s) that holds %j is not sent', async (kind, broken) => {
    await expect(call({ credential: { kind, secret: new Secret(broken) } })).rejects.toEqual(
      failure('clockify_unavailable'),
    );
    expect(seen).toEqual([]);
  });
});

describe('an answer', () => {
  it('comes back parsed, with unknown fields and nulls', async () => {
    handler = answer(200, '[{"id":"t1","name":null,"new":{"field":[1.5,true]}}]');
    expect(await call()).toEqual({
      body: [{ id: 't1', name: null, new: { field: [1.5, true] } }],
      lastPage: null,
      clockSkewMs: expect.any(Number),
    });
    expect(outcomes).toEqual([200]);
  });

  it.each<[string | string[], boolean | null]>([
    ['true', true],
    ['false', false],
    ['', false],
    ['perhaps', false],
    [['true', 'false'], null],
  ])('with Last-Page %j says %p', async (header, lastPage) => {
    handler = answer(200, '[]', { 'last-page': header });
    expect(await call()).toHaveProperty('lastPage', lastPage);
  });

  it.each([7_200, -7_200])('of a Clockify whose clock is %i seconds ahead says so', async (seconds) => {
    handler = answer(200, '[]', { date: new Date(Date.now() + seconds * 1_000).toUTCString() });
    const { clockSkewMs = NaN } = await call();
    expect(Math.abs(clockSkewMs - seconds * 1_000)).toBeLessThan(30_000);
  });

  it.each(['', 'yesterday'])('with the date %j says nothing about clocks', async (date) => {
    handler = answer(200, '[]', { date });
    expect(await call()).not.toHaveProperty('clockSkewMs');
  });

  it('without a body is null', async () => {
    handler = answer(200, '');
    expect(await call()).toMatchObject({ body: null, lastPage: null });
  });

  it('in pieces that cut a character is put together', async () => {
    const bytes = Buffer.from('["žluťoučký 😀"]');
    handler = (_, response) => {
      for (const byte of bytes) response.write(Uint8Array.of(byte));
      response.end();
    };
    expect(await call()).toMatchObject({ body: ['žluťoučký 😀'] });
  });

  it.each<[string, string | Buffer, Record<string, string>]>([
    ['HTML', '<html>Please sign in</html>', { 'content-type': 'text/html' }],
    ['JSON that is cut', '[{"id":"t1"},{"id":', { 'content-type': 'application/json' }],
    ['compressed although nobody asked', gzipSync('[]'), { 'content-encoding': 'gzip' }],
    ['a PDF', '%PDF-1.7', { 'content-type': 'application/pdf' }],
  ])('with 200 that is %s is malformed', async (_, body, headers) => {
    handler = answer(200, body, headers);
    await expect(call()).rejects.toEqual(failure('clockify_answer_malformed'));
    expect(outcomes).toEqual([200]);
  });

  it('of 32 MiB is taken', async () => {
    handler = answer(200, JSON.stringify('x'.repeat(32 * mebibyte - 2)));
    expect((await call()).body).toHaveLength(32 * mebibyte - 2);
  });

  it('of more than 32 MiB is given up, however long it goes on', async () => {
    const piece = Buffer.alloc(mebibyte, 'x');
    let isOpen = true;
    handler = (_, response) => {
      response.on('close', () => (isOpen = false));
      const fill = (): void => {
        while (isOpen && response.write(piece));
      };
      response.on('drain', fill);
      fill();
    };
    await expect(call()).rejects.toEqual(failure('clockify_answer_malformed'));
  });

  it.each([
    [400, '{"code":501}', 'clockify_entity_gone'],
    [401, '{"code":4017}', 'clockify_token_dead'],
    [403, '', 'clockify_feature_gated'],
    [429, '', 'clockify_rate_limited'],
    [502, '<html>', 'clockify_unavailable'],
  ])('%i %s fails as %s', async (status, body, code) => {
    handler = answer(status, body);
    await expect(call()).rejects.toEqual(failure(code));
    expect(outcomes).toEqual([status]);
    expect(seen).toHaveLength(1);
  });

  it.each([301, 302, 303, 307, 308])('%i is not followed', async (status) => {
    handler = answer(status, '', { location: `${originOf(elsewhere)}/v1/tags` });
    await expect(call()).rejects.toEqual(failure('egress_refused'));
    expect([trespasses, seen.length]).toEqual([0, 1]);
  });
});

describe('a connection', () => {
  it.each<[string, RequestListener, string]>([
    ['is reset before the headers', (_, response) => response.destroy(), 'clockify_unavailable'],
    [
      'is reset in the body',
      (_, response) => void response.writeHead(200).write('[', () => response.destroy()),
      'clockify_unavailable',
    ],
    [
      'ends before the length it named',
      (_, response) => void response.writeHead(200, { 'content-length': '50' }).write('[]', () => response.destroy()),
      'clockify_unavailable',
    ],
    ['speaks no HTTP', (request) => void request.socket.end('SSH-2.0-OpenSSH_9.9\r\n'), 'clockify_unavailable'],
  ])('that %s fails once and is not tried again', async (_, behaviour, code) => {
    handler = behaviour;
    await expect(call()).rejects.toEqual(failure(code));
    expect([seen.length, outcomes]).toEqual([1, [null]]);
  });

  it('that nobody accepts fails', async () => {
    const closed = createServer();
    await once(closed.listen(0, '127.0.0.1'), 'listening');
    const gone = originOf(closed);
    await new Promise((resolve) => void closed.close(resolve));
    const other = createClockifyClient({ allowedDomains: [gone] });
    const calling = other.call({ method: 'GET', url: new URL(gone), credential });
    await expect(calling).rejects.toEqual(failure('clockify_unavailable'));
    await other.close();
  });

  it('is kept for later requests', async () => {
    const ports = new Set<number | undefined>();
    handler = (request, response) => {
      ports.add(request.socket.remotePort);
      response.end('[]');
    };
    for (let calls = 0; calls < 10; calls += 1) await call();
    expect(ports.size).toBeLessThan(5);
  });

  it.each<[string, { idleMs: number; totalMs: number }, RequestListener]>([
    ['is silent before the headers', { idleMs: 50, totalMs: 20_000 }, () => {}],
    [
      'is silent in the body',
      { idleMs: 50, totalMs: 20_000 },
      (_, response) => void response.writeHead(200).write('['),
    ],
    ['takes too long for the headers', { idleMs: 20_000, totalMs: 50 }, () => {}],
    [
      'takes too long for the body although it goes on',
      { idleMs: 20_000, totalMs: 50 },
      (_, response) => {
        const dripping = setInterval(() => response.write(' '), 5);
        response.on('close', () => clearInterval(dripping));
      },
    ],
  ])('that %s is a timeout', async (_, timeouts, behaviour) => {
    await client.close();
    client = createClient(timeouts);
    handler = behaviour;
    await expect(call()).rejects.toEqual(failure('clockify_timeout'));
    expect(outcomes).toEqual([null]);
  });
});

describe('a caller that gives up', () => {
  it('before the call gets its own reason, and nothing is sent', async () => {
    const reason = new Error('cancelled');
    await expect(call({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(seen).toEqual([]);
  });

  it.each<[string, RequestListener]>([
    ['before the headers', () => {}],
    ['in the body', (_, response) => void response.writeHead(200).write('[')],
  ])('%s gets its own reason', async (_, behaviour) => {
    const reason = new Error('cancelled');
    const controller = new AbortController();
    handler = (request, response) => {
      behaviour(request, response);
      setImmediate(() => controller.abort(reason));
    };
    await expect(call({ signal: controller.signal })).rejects.toBe(reason);
  });
});
