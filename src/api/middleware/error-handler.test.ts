import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startKoaApp } from '../../../test/support/koa-app.ts';
import type { KoaApp } from '../../../test/support/koa-app.ts';
import { AddonError, isRetryable } from '../../domain/errors.ts';
import type { ErrorCode } from '../../domain/errors.ts';

const codes = Object.keys(isRetryable) as ErrorCode[];
const details = { fields: [{ path: '/a', message: 'Wrong' }], reason: 'inner', token: 'secret' };

let app: KoaApp;
beforeAll(async () => {
  app = await startKoaApp((ctx) => {
    if (ctx.path === '/empty') return;
    if (ctx.path === '/bug') throw new TypeError('x is not a function');
    throw new AddonError(ctx.path.slice(1) as ErrorCode, 'A sentence.', details);
  });
});
afterAll(() => app.stop());

test.each(codes)('%s becomes the common body and a status that says so', async (code) => {
  const answer = await app.send(`/${code}`);
  expect(answer.status).toBeGreaterThanOrEqual(400);
  expect(answer.json()).toEqual({
    error: code,
    detail: 'A sentence.',
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
    requestId: answer.headers['x-request-id'],
    fields: details.fields,
  });
});

test.each([
  ['invalid_request', 400],
  ['invalid_token', 401],
  ['forbidden', 403],
  ['not_found', 404],
  ['conflict', 409],
  ['payload_too_large', 413],
  ['unsupported_media_type', 415],
  ['validation_failed', 422],
  ['clockify_unavailable', 502],
  ['storage_unavailable', 503],
  ['clockify_timeout', 504],
])('%s is a %i', async (code, status) => {
  expect((await app.send(`/${code}`)).status).toBe(status);
});

test('a 503 says when to come again', async () => {
  for (const code of ['storage_unavailable', 'temporal_unavailable', 'clockify_rate_limited']) {
    expect(Number((await app.send(`/${code}`)).headers['retry-after'])).toBeGreaterThan(0);
  }
  expect((await app.send('/conflict')).headers).not.toHaveProperty('retry-after');
});

test('an unknown error is a bare 500 and is logged with its stack', async () => {
  const answer = await app.send('/bug');
  expect(answer.status).toBe(500);
  expect(answer.text).not.toMatch(/TypeError|not a function| at /);
  expect(app.log.join('')).toContain('x is not a function');
});

test('an answer nobody gave is a 404', async () => {
  expect((await app.send('/empty')).json()).toMatchObject({ error: 'not_found' });
});

test('the connection ends when a body was refused unread', async () => {
  const answer = await app.send('/invalid_token', { method: 'POST', body: Buffer.alloc(300_000, 0x20) });
  expect(answer.headers.connection).toBe('close');
});
