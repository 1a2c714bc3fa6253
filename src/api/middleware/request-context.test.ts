import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startKoaApp } from '../../../test/support/koa-app.ts';
import type { KoaApp } from '../../../test/support/koa-app.ts';

let app: KoaApp;
beforeAll(async () => void (app = await startKoaApp((ctx) => void (ctx.body = {}))));
afterAll(() => app.stop());

const idFor = async (given: string | string[]) =>
  (await app.send('/', { headers: { 'X-Request-ID': given } })).headers['x-request-id'];

test.each(['a', 'req-1.2_3', 'x'.repeat(128)])('the id %s is taken over', async (id) => {
  expect(await idFor(id)).toBe(id);
});

test.each(['', ' ', 'a b', 'a,b', '"quoted"', '{"level":"error"}', 'x'.repeat(129), 'é', '[2J'])(
  'instead of the id %j a new one is made',
  async (id) => expect(await idFor(id)).toMatch(/^[0-9a-f-]{36}$/),
);

test('two ids are none', async () => {
  expect(await idFor(['a', 'b'])).toMatch(/^[0-9a-f-]{36}$/);
});

test('each request without an id gets its own', async () => {
  const ids = await Promise.all([app.send('/'), app.send('/')]);
  expect(new Set(ids.map(({ headers }) => headers['x-request-id'])).size).toBe(2);
});
