import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, expect, it, test } from '@jest/globals';
import { startTestApi } from '../../../test/support/api.ts';
import type { TestApi } from '../../../test/support/api.ts';
import { installWithWebhooks, mintWebhookTokens } from '../../../test/support/deliveries.ts';
import { Secret } from '../../platform/secret.ts';

const owner = { workspaceId: 'a'.repeat(24), addonId: 'b'.repeat(24) };
const stranger = { workspaceId: 'e'.repeat(24), addonId: 'f'.repeat(24) };
const absent = 'c'.repeat(24);
const secret = 'an-own-secret-of-the-billing-system';
const otherSecret = 'an-own-secret-of-the-other-system--';

let api: TestApi;
const announced: unknown[] = [];
/** For whom room was asked, and whether there is any. */
const asked: string[] = [];
let isFull = false;
beforeAll(async () => {
  const sources = [
    { source: 'billing', workspaceId: owner.workspaceId, secret: new Secret(secret) },
    { source: 'other', workspaceId: stranger.workspaceId, secret: new Secret(otherSecret) },
    { source: 'nowhere', workspaceId: absent, secret: new Secret(secret) },
  ];
  const onDeliveries = (refs: readonly unknown[]) => void announced.push(...refs);
  const ingestLimit = (key: string) => {
    asked.push(key);
    return isFull ? 3 : 0;
  };
  api = await startTestApi({ deps: { customWebhookSources: sources, onDeliveries, ingestLimit } });
  for (const ref of [owner, stranger]) await installWithWebhooks(api, ref, mintWebhookTokens(api, ref));
});
afterAll(() => api.stop());
beforeEach(async () => {
  [announced.length, asked.length, isFull] = [0, 0, false];
  await api.rows('truncate webhook_events');
});

const seconds = (fromNow = 0) => String(Math.floor(Date.now() / 1_000) + fromNow);
const sign = (timestamp: string, body: string, key = secret) =>
  createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex');

interface Call {
  readonly source?: string;
  readonly body?: string;
  readonly timestamp?: string;
  readonly signature?: string;
  readonly headers?: Record<string, string>;
}

function call({ source = 'billing', body = '{"n":1}', timestamp = seconds(), headers, ...rest }: Call = {}) {
  const { signature = sign(timestamp, body) } = rest;
  return api.send(`/webhooks/custom/${source}`, {
    method: 'POST',
    headers: { 'X-Webhook-Timestamp': timestamp, 'X-Webhook-Signature': signature, ...headers },
    body,
  });
}

const stored = () => api.rows('select * from webhook_events order by id');

test('a signed call is stored for the workspace of its source, whatever it says itself', async () => {
  const body = `{"n":1,"workspaceId":"${stranger.workspaceId}"}`;
  const answer = await call({ body, headers: { 'X-Workspace-Id': stranger.workspaceId, 'X-Request-Id': 'req-7' } });
  expect(answer.status).toBe(200);
  expect(await stored()).toMatchObject([
    {
      workspace_id: owner.workspaceId,
      addon_id: owner.addonId,
      event: 'custom:billing',
      raw: Buffer.from(body),
      state: 'received',
      request_id: 'req-7',
      headers: expect.objectContaining({ 'x-webhook-signature': '[redacted]' }),
    },
  ]);
  expect(announced).toEqual([owner]);
});

test('a signature counts once; the same body signed at another time is another call', async () => {
  const [first, second] = [seconds(-1), seconds()];
  expect((await call({ timestamp: first })).status).toBe(200);
  expect((await call({ timestamp: first })).status).toBe(409);
  expect((await call({ timestamp: second })).status).toBe(200);
  expect(await stored()).toHaveLength(2);
});

test('a call that cannot be read is kept with its reason', async () => {
  expect((await call({ body: 'no json' })).status).toBe(200);
  expect(await stored()).toMatchObject([{ state: 'quarantined', reason: 'not_json' }]);
  expect(announced).toEqual([]);
});

it.each([-299, 299])('takes a clock that is %i seconds off', async (off) => {
  expect((await call({ timestamp: seconds(off) })).status).toBe(200);
});

it.each<[string, () => Call, number]>([
  ['an unknown source', () => ({ source: 'unknown' }), 404],
  ['a source in another letter case', () => ({ source: 'Billing' }), 404],
  ['a wrong signature', () => ({ signature: '0'.repeat(64) }), 401],
  ['no signature', () => ({ signature: '' }), 401],
  ['half a signature', () => ({ signature: 'ab' }), 401],
  ["another source's secret", () => ({ signature: sign(seconds(), '{"n":1}', otherSecret) }), 401],
  ["another source's call", () => ({ source: 'other' }), 401],
  ['a signature over another body', () => ({ signature: sign(seconds(), '{"n":2}') }), 401],
  ['a signature of another time', () => ({ signature: sign(seconds(-2), '{"n":1}') }), 401],
  ['a call from five minutes ago', () => ({ timestamp: seconds(-302) }), 401],
  ['a call from the future', () => ({ timestamp: seconds(303) }), 401],
  ['a time that is none', () => ({ timestamp: 'now' }), 401],
  ['a source without an installation in use', () => ({ source: 'nowhere' }), 503],
  ['a body that is no JSON by its type', () => ({ headers: { 'content-type': 'text/plain' } }), 415],
])('refuses %s', async (_, build, status) => {
  expect((await call(build())).status).toBe(status);
  expect(await stored()).toEqual([]);
});

test('no other webhook route takes a signature of this kind', async () => {
  const timestamp = seconds();
  const answer = await api.send('/webhooks/clockify/NEW_TAG', {
    method: 'POST',
    headers: {
      'X-Webhook-Timestamp': timestamp,
      'X-Webhook-Signature': sign(timestamp, '{}'),
      'Clockify-Signature': sign(timestamp, '{}'),
      'Clockify-Webhook-Event-Type': 'NEW_TAG',
    },
    body: '{}',
  });
  expect(answer.status).toBe(401);
});

test('a source that sends too much is told when to come again; what it did not sign takes none of its room', async () => {
  isFull = true;
  const answer = await call();
  expect([answer.status, answer.headers['retry-after']]).toEqual([429, '3']);
  expect(asked).toEqual(['custom:billing']);
  expect((await call({ signature: sign(seconds(), '{"n":1}', otherSecret) })).status).toBe(401);
  expect(asked).toEqual(['custom:billing']);
});
