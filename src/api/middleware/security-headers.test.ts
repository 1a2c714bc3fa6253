import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startKoaApp } from '../../../test/support/koa-app.ts';
import type { KoaApp } from '../../../test/support/koa-app.ts';
import { securityHeaders } from './security-headers.ts';

let app: KoaApp;
beforeAll(async () => void (app = await startKoaApp(securityHeaders(), (ctx) => void (ctx.body = {}))));
afterAll(() => app.stop());

const frameAncestors = async (path: string) => {
  const policy = String((await app.send(path)).headers['content-security-policy']);
  return policy.split('; ').find((part) => part.startsWith('frame-ancestors'));
};

test.each(['/ui', '/ui/icon.svg', '/ui/assets/index.js'])('%s may be framed by Clockify only', async (path) => {
  expect(await frameAncestors(path)).toBe(
    'frame-ancestors https://app.clockify.me https://developer.clockify.me https://*.clockify.me',
  );
});

test.each(['/', '/manifest', '/uix', '/ui/webhooks', '/bootstrap/x/status'])('%s may not be framed', async (path) => {
  expect(await frameAncestors(path)).toBe("frame-ancestors 'none'");
});

test('every answer forbids sniffing, referrers and caching, and says nothing about frames the old way', async () => {
  for (const path of ['/ui', '/manifest']) {
    const { headers } = await app.send(path);
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    expect(headers).not.toHaveProperty('x-frame-options');
  }
});

test('the policy of the UI allows no inline script and no foreign host', async () => {
  const policy = String((await app.send('/ui')).headers['content-security-policy']);
  expect(policy).toContain("default-src 'none'");
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("require-trusted-types-for 'script'");
  expect(policy).not.toContain('unsafe');
});
