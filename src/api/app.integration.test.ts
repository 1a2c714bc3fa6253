import { afterAll, beforeAll, describe, expect, it, test } from '@jest/globals';
import { readRepositoryFile, startTestApi } from '../../test/support/api.ts';
import type { TestApi } from '../../test/support/api.ts';
import { parseManifest } from '../domain/manifest.ts';
import { buildWebhookPath, webhookEvents } from '../domain/webhook-events.ts';
import { createMetrics } from '../platform/metrics.ts';
import { createRouter } from './app.ts';
import type { AppDeps } from './app.ts';

let api: TestApi;
beforeAll(async () => void (api = await startTestApi()));
afterAll(() => api.stop());

const template = parseManifest(JSON.parse(readRepositoryFile('manifest.json')));
const manifestPaths = [
  ...template.lifecycle.map(({ path }) => `POST ${path}`),
  ...template.webhooks.map(({ path }) => `POST ${path}`),
  ...template.components.map(({ path }) => `GET ${path}`),
];

test('what the manifest promises is mounted, and what Clockify calls is in the manifest', () => {
  const icon = { path: '/ui/icon.svg', file: '' };
  const deps = { manifest: template, metrics: createMetrics(), icon } as unknown as AppDeps;
  const mounted = createRouter(deps).stack.flatMap(({ path, methods }) =>
    methods.filter((method) => method !== 'HEAD').map((method) => `${method} ${String(path)}`),
  );
  expect(mounted).toEqual(expect.arrayContaining(manifestPaths));
  const called = mounted.filter((route) => /^POST \/(lifecycle|webhooks)\/[^:]+$|^GET \/ui$/.test(route));
  expect(called.sort()).toEqual([...new Set(manifestPaths)].sort());
  expect(called).toHaveLength(4 + 51 + 1);
});

describe('GET /manifest', () => {
  it('serves this deployment with the most valuable webhooks', async () => {
    const manifest = parseManifest((await api.send('/manifest')).json());
    expect(manifest).toMatchObject({ baseUrl: 'https://studio.example.com', key: 'api-studio-test' });
    expect(manifest.webhooks).toEqual(
      webhookEvents.slice(0, 20).map((event) => ({ event, path: buildWebhookPath(event) })),
    );
  });
});

test('GET / names the add-on and its links', async () => {
  const answer = await api.send('/');
  expect(answer.json()).toMatchObject({ name: template.name, version: '0.0.0', links: { manifest: '/manifest' } });
});

describe('an unknown address is answered 404 in the common form', () => {
  it.each([
    '/nothing',
    '/lifecycle',
    '/lifecycle/INSTALLED',
    '/lifecycle/installed/',
    '/Lifecycle/installed',
    '/lifecycle%2finstalled',
    '/lifecycle/installed;x',
    '/lifecycle/./installed',
    '/bootstrap',
    '/ui/',
    '/ui/../package.json',
    '/%00',
    '/constructor',
    '/__proto__',
  ])('%s', async (path) => {
    for (const method of ['GET', 'POST']) {
      const answer = await api.send(path, { method });
      expect(answer.status).toBe(404);
      expect(answer.json()).toEqual({
        error: 'not_found',
        detail: 'There is nothing at this address.',
        timestamp: expect.any(String),
        requestId: answer.headers['x-request-id'],
      });
    }
  });
});

describe('a wrong method is answered 405', () => {
  it.each([
    ['GET', '/lifecycle/installed', 'POST'],
    ['PUT', '/lifecycle/deleted', 'POST'],
    ['DELETE', '/manifest', 'HEAD, GET'],
    ['POST', '/health', 'HEAD, GET'],
    ['PATCH', '/webhooks/clockify/NEW_TAG', 'POST'],
    ['PROPFIND', '/ui', 'HEAD, GET'],
  ])('%s %s', async (method, path, allowed) => {
    const answer = await api.send(path, { method, headers: { 'x-http-method-override': 'GET' } });
    expect(answer.status).toBe(405);
    expect(answer.json()).toMatchObject({ error: 'method_not_allowed' });
    expect(answer.headers.allow).toBe(allowed);
  });
});

describe('no other site may use the API', () => {
  it.each(['https://evil.example.com', 'null', 'https://app.clockify.me.evil.example.com', 'https://app.clockify.me'])(
    'the origin %s gets no permission',
    async (origin) => {
      for (const method of ['OPTIONS', 'GET']) {
        const headers = { origin, 'access-control-request-method': 'POST' };
        const answer = await api.send('/manifest', { method, headers });
        expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([]);
      }
    },
  );
});

test('a call that fails for a reason nobody foresaw is a bare 500, logged whole', async () => {
  const broken = await startTestApi({ deps: { readiness: () => Promise.reject(new Error('secret detail')) } });
  try {
    const answer = await broken.send('/ready');
    expect(answer.status).toBe(500);
    expect(answer.json()).toMatchObject({ error: 'internal_error', detail: 'The request could not be handled.' });
    expect(answer.text).not.toContain('secret detail');
    expect(broken.log.join('')).toContain('secret detail');
  } finally {
    await broken.stop();
  }
});
