import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { connect } from 'node:net';
import { startKoaApp } from '../../../test/support/koa-app.ts';
import type { KoaApp } from '../../../test/support/koa-app.ts';
import { waitUntil } from '../../../test/support/wait-until.ts';
import type { BodyState, JsonState } from '../state.ts';
import { readJson } from './read-body.ts';

const limit = 100;
let app: KoaApp;
beforeAll(async () => {
  app = await startKoaApp(readJson(limit), (ctx: { state: BodyState & JsonState; body: unknown }) => {
    ctx.body = { json: ctx.state.json ?? 'nothing', bytes: ctx.state.body.length };
  });
});
afterAll(() => app.stop());

const post = (body: unknown, headers: Record<string, string> = {}, chunked = false) =>
  app.send('/', { method: 'POST', body, headers, chunked });

test.each([true, false])('a JSON body is parsed and its bytes are kept, chunked: %s', async (chunked) => {
  expect((await post('{"a": "ü"}', {}, chunked)).json()).toEqual({ json: { a: 'ü' }, bytes: 11 });
});

test('no body is no fault', async () => {
  expect((await app.send('/', { method: 'POST' })).json()).toEqual({ json: 'nothing', bytes: 0 });
});

test.each([true, false])('the limit is met to the byte, chunked: %s', async (chunked) => {
  expect((await post(`"${'x'.repeat(limit - 2)}"`, {}, chunked)).status).toBe(200);
  const answer = await post(`"${'x'.repeat(limit - 1)}"`, {}, chunked);
  expect(answer.status).toBe(413);
  expect(answer.json()).toMatchObject({ error: 'payload_too_large', max_bytes: limit, actual_bytes: limit + 1 });
});

test.each(['application/json', 'application/json; charset=utf-8', 'Application/JSON;charset="UTF-8"'])(
  'the content type %s is taken',
  async (type) => expect((await post('{}', { 'content-type': type })).status).toBe(200),
);

test.each(['text/plain', 'application/json-patch+json', 'multipart/form-data', 'application/json; charset=latin1', ''])(
  'the content type %j is refused',
  async (type) => expect((await post('{}', { 'content-type': type })).status).toBe(415),
);

test.each(['gzip', 'br', 'deflate', 'gzip, identity', 'x'])('the encoding %s is refused', async (encoding) => {
  expect((await post('{}', { 'content-encoding': encoding })).status).toBe(415);
});

test('the encoding identity is none', async () => {
  expect((await post('{}', { 'content-encoding': 'identity' })).status).toBe(200);
});

test.each(
  ['{', '', 'undefined', "{'a':1}", '{"a":1}x', Buffer.from([0x22, 0xff, 0x22])].filter((body) => body.length > 0),
)('the body %j is no JSON', async (body) => {
  const answer = await post(body);
  expect(answer.status).toBe(400);
  expect(answer.json()).toMatchObject({ error: 'invalid_request' });
});

test('a body that never ends is cut at the limit', async () => {
  const socket = connect(app.port, '127.0.0.1');
  socket.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n');
  const answer = new Promise<string>((resolve) => socket.once('data', (data) => resolve(data.toString())));
  socket.write(`${(limit + 1).toString(16)}\r\n${'x'.repeat(limit + 1)}\r\n`);
  expect(await answer).toMatch(/^HTTP\/1\.1 413 [\s\S]*Connection: close/);
  socket.destroy();
});

test('a caller who goes away in the middle is refused, and is no fault of ours', async () => {
  const socket = connect(app.port, '127.0.0.1');
  app.log.length = 0;
  const head = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 50\r\n\r\n{"a":';
  socket.write(head, () => socket.destroy());
  await waitUntil(() => app.log.length > 0);
  expect(app.log.map((line) => JSON.parse(line) as object)).toEqual([
    expect.objectContaining({ level: 'warn', code: 'invalid_request', msg: 'request refused' }),
  ]);
});
