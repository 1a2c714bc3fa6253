import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import type { Middleware } from 'koa';
import { startKoaApp } from '../../../test/support/koa-app.ts';
import type { KoaApp } from '../../../test/support/koa-app.ts';
import { createMetrics } from '../../platform/metrics.ts';
import type { Readiness } from '../readiness.ts';
import { operationsRoutes } from './operations.ts';

const metrics = createMetrics();
let readiness: () => Promise<Readiness>;
let remoteAddress: string | undefined;
let app: KoaApp;

/** Lets a test call from an address it does not have. */
const pretendAddress: Middleware = (ctx, next) => {
  if (remoteAddress !== undefined) {
    Object.defineProperty(ctx.req.socket, 'remoteAddress', { value: remoteAddress, configurable: true });
    const family = remoteAddress.includes(':') ? 'IPv6' : 'IPv4';
    Object.defineProperty(ctx.req.socket, 'remoteFamily', { value: family, configurable: true });
  }
  return next();
};

beforeAll(async () => {
  const routes = operationsRoutes({ metrics, readiness: () => readiness() }).routes();
  app = await startKoaApp(pretendAddress, routes as unknown as Middleware);
});
afterAll(() => app.stop());

const green: Readiness['checks'] = {
  database: { ok: true },
  clock: { ok: true, skewSeconds: 0.1 },
  migrations: { ok: true, expected: 'm', applied: 'm' },
  temporal: { ok: true },
  worker: { ok: true, pollAgeSeconds: 1 },
};

test('GET /health waits for nothing', async () => {
  readiness = () => new Promise(() => {});
  const answer = await app.send('/health');
  expect(answer.status).toBe(200);
  expect(answer.json()).toEqual({ status: 'ok' });
});

test('GET /ready is 200 while every check is green', async () => {
  readiness = () => Promise.resolve({ ready: true, checks: green });
  const answer = await app.send('/ready');
  expect(answer.status).toBe(200);
  expect(answer.json()).toEqual({ status: 'ready', checks: green });
});

test('GET /ready is 503 with one red check, and names it', async () => {
  readiness = () => Promise.resolve({ ready: false, checks: { ...green, worker: { ok: false } } });
  const answer = await app.send('/ready');
  expect(answer.status).toBe(503);
  expect(answer.json()).toMatchObject({ status: 'not_ready', checks: { worker: { ok: false } } });
});

describe('GET /metrics', () => {
  const get = (headers: Record<string, string> = {}) => app.send('/metrics', { headers });

  it.each([
    '127.0.0.1',
    '::1',
    '::ffff:127.0.0.1',
    '10.1.2.3',
    '172.16.0.1',
    '172.31.255.255',
    '192.168.1.1',
    'fd00::1',
  ])('is shown to the neighbour %s', async (address) => {
    remoteAddress = address;
    const answer = await get();
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(answer.text).toContain('clockify_api_calls_total 0');
  });

  it.each(['8.8.8.8', '172.15.0.1', '172.32.0.1', '192.169.0.1', '::ffff:8.8.8.8', '2001:db8::1', ''])(
    'does not exist for %j',
    async (address) => {
      remoteAddress = address;
      expect((await get()).status).toBe(404);
    },
  );

  it.each(['forwarded', 'via', 'x-real-ip', 'x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto'])(
    'does not exist for a neighbour that forwards with %s',
    async (header) => {
      remoteAddress = '127.0.0.1';
      expect((await get({ [header]: '127.0.0.1' })).status).toBe(404);
    },
  );
});
