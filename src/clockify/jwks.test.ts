import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { generateKeyPairSync } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createJwksSource } from './jwks.ts';

const rsa = (modulusLength: number) =>
  generateKeyPairSync('rsa', { modulusLength }).publicKey.export({ format: 'jwk' });
const strong = { ...rsa(2048), kid: 'a' };

let answer: { status: number; body: string; headers?: Record<string, string> };
let requests = 0;
let now = 0;
let failures: unknown[] = [];
const server = createServer((_, response) => {
  requests += 1;
  response.writeHead(answer.status, answer.headers).end(answer.body);
});

beforeAll(() => once(server.listen(0, '127.0.0.1'), 'listening'));
afterAll(() => void server.close());
beforeEach(() => {
  answer = { status: 200, body: JSON.stringify({ keys: [strong] }) };
  requests = 0;
  now = 0;
  failures = [];
});

const createSource = () =>
  createJwksSource({
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`,
    onFailure: (error) => failures.push(error),
    clock: () => now,
  });

test('nothing is fetched before a key is asked for', () => {
  createSource();
  expect(requests).toBe(0);
});

test('many askers share one request, and the next comes after 30 s', async () => {
  const loadKeys = createSource();
  const all = await Promise.all(Array.from({ length: 50 }, loadKeys));
  expect(all.map((keys) => keys.length)).toEqual(Array(50).fill(1));
  now = 29_999;
  await loadKeys();
  expect(requests).toBe(1);
  now = 30_000;
  await loadKeys();
  expect(requests).toBe(2);
});

test('the pause also follows a failure, and the last good keys serve for six hours', async () => {
  const loadKeys = createSource();
  await loadKeys();
  answer = { status: 500, body: '' };
  now = 60_000;
  expect(await loadKeys()).toHaveLength(1);
  expect(await loadKeys()).toHaveLength(1);
  expect(requests).toBe(2);
  expect(failures).toHaveLength(1);
  now = 6 * 3_600_000 + 1;
  expect(await loadKeys()).toEqual([]);
});

test.each<[string, () => typeof answer]>([
  ['a redirect', () => ({ status: 302, body: '', headers: { location: '/jwks' } })],
  ['HTML', () => ({ status: 200, body: '<html>' })],
  ['more than 64 KiB', () => ({ status: 200, body: JSON.stringify({ keys: [], pad: 'x'.repeat(65_536) }) })],
  ['more than 20 keys', () => ({ status: 200, body: JSON.stringify({ keys: Array(21).fill(strong) }) })],
])('%s yields no keys and is reported', async (_, bad) => {
  answer = bad();
  expect(await createSource()()).toEqual([]);
  expect(failures).toHaveLength(1);
  expect(requests).toBe(1);
});

test('only strong RSA keys count', async () => {
  const elliptic = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  const keys = [rsa(1024), elliptic, { kty: 'oct', k: 'AAAA' }, strong, strong];
  answer = { status: 200, body: JSON.stringify({ keys }) };
  expect(await createSource()()).toHaveLength(2);
});
