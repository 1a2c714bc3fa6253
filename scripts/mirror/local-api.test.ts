import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createLocalApi } from './local-api.ts';

let answer: { status: number; body: object };
let received: unknown[];
let origin: string;

const server = createServer((request, response) => {
  let body = '';
  request.on('data', (part: Buffer) => (body += part.toString()));
  request.on('end', () => {
    received.push([request.method, request.url, request.headers['x-addon-token'], body]);
    response.writeHead(answer.status, { 'content-type': 'application/json' }).end(JSON.stringify(answer.body));
  });
});
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => void server.close());
beforeEach(() => {
  received = [];
  answer = { status: 200, body: { calls: 7 } };
});

const open = () => createLocalApi(origin, 'w1', () => Promise.resolve('token'));

test('each route is called with a token of its own', async () => {
  const api = open();
  expect(await api.status()).toEqual({ calls: 7 });
  expect(await api.estimate({ timeEntryDays: 9 })).toEqual({ calls: 7 });
  await api.start({});
  expect(received).toEqual([
    ['GET', '/bootstrap/w1/status', 'token', ''],
    ['POST', '/bootstrap/w1/estimate', 'token', '{"timeEntryDays":9}'],
    ['POST', '/bootstrap/w1', 'token', '{}'],
  ]);
  expect(api.statusUrl).toBe(`${origin}/bootstrap/w1/status`);
});

test.each([
  [{ error: 'clockify_rate_limited', detail: 'No request is left.' }, 'No request is left.'],
  [{}, '/bootstrap/w1 answered 503'],
])('a refusal with %j is thrown as its sentence', async (body, sentence) => {
  answer = { status: 503, body };
  await expect(open().start({})).rejects.toThrow(sentence);
});
