import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startKoaApp } from '../../../test/support/koa-app.ts';
import type { KoaApp } from '../../../test/support/koa-app.ts';
import { accessLog } from './access-log.ts';

let app: KoaApp;
beforeAll(async () => void (app = await startKoaApp(accessLog(), (ctx) => void (ctx.body = {}))));
afterAll(() => app.stop());
beforeEach(() => void (app.log.length = 0));

test('a request leaves two lines that carry its id', async () => {
  await app.send('/ui', { headers: { 'x-request-id': 'r1' } });
  expect(app.log.map((line) => JSON.parse(line) as unknown)).toEqual([
    expect.objectContaining({ msg: 'request_received', method: 'GET', path: '/ui', requestId: 'r1' }),
    expect.objectContaining({ msg: 'request_completed', status: 200, durationMs: expect.any(Number), requestId: 'r1' }),
  ]);
});

test('the query, which may hold a token, is not logged', async () => {
  await app.send('/ui?auth_token=opaque-secret');
  expect(app.log.join('')).not.toContain('opaque-secret');
});

test.each(['/a%0d%0ab', '/%1b[2J', '/{"level":"error"}', `/${'x'.repeat(9000)}`])(
  'the path %.30s stays one line of JSON under 8 KB',
  async (path) => {
    await app.send(path);
    expect(app.log).toHaveLength(2);
    for (const line of app.log) {
      expect(line.trimEnd().split('\n')).toHaveLength(1);
      expect(JSON.parse(line)).toMatchObject({ level: expect.stringMatching(/^(debug|info)$/) });
      expect(line.length).toBeLessThan(8192);
    }
  },
);
