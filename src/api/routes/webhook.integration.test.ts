import { connect } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import { startTestApi } from '../../../test/support/api.ts';
import type { TestApi } from '../../../test/support/api.ts';
import { deliver, duringOneWindow, installWithWebhooks, mintWebhookTokens } from '../../../test/support/deliveries.ts';
import type { Delivery, WebhookTokens } from '../../../test/support/deliveries.ts';
import { waitUntil } from '../../../test/support/wait-until.ts';
import { webhookEvents } from '../../domain/webhook-events.ts';
import { digestToken } from '../../platform/token-digest.ts';

const owner = { workspaceId: 'a'.repeat(24), addonId: 'b'.repeat(24) };
const stranger = { workspaceId: 'e'.repeat(24), addonId: 'f'.repeat(24) };
const limit = 5 * 1024 * 1024;

let api: TestApi;
let tokens: WebhookTokens;
let strangersTokens: WebhookTokens;
beforeAll(async () => {
  api = await startTestApi();
  [tokens, strangersTokens] = [mintWebhookTokens(api, owner), mintWebhookTokens(api, stranger)];
  await installWithWebhooks(api, owner, tokens);
  await installWithWebhooks(api, stranger, strangersTokens);
});
afterAll(() => api.stop());
beforeEach(async () => {
  await duringOneWindow();
  await api.rows('truncate webhook_events, early_webhooks');
});

const send = (delivery: Delivery, event = 'NEW_TAG') => deliver(api, event, delivery);
const own = (delivery: Delivery = {}): Delivery => ({ token: tokens.NEW_TAG, ...delivery });
const stored = () => api.rows('select * from webhook_events order by id');

test('each of the tokens of all events passes at the path of its event, and at no other', async () => {
  for (const event of webhookEvents) {
    const statuses = await Promise.all(
      webhookEvents.map(async (path) => (await send({ token: tokens[event], body: { event, path } }, path)).status),
    );
    expect(statuses).toEqual(webhookEvents.map((path) => (path === event ? 200 : 401)));
  }
  expect(await stored()).toHaveLength(webhookEvents.length);
});

describe('a delivery that nothing proves is refused, and leaves no trace:', () => {
  const query = `?workspaceId=${owner.workspaceId}&addonId=${owner.addonId}`;
  const eventHeader = (value: string | string[]) => own({ headers: { 'Clockify-Webhook-Event-Type': value } });

  it.each<[string, () => Delivery, number]>([
    ['no token', () => ({}), 401],
    ['an empty token', () => ({ token: '' }), 401],
    ['a user token', () => ({ token: api.mint.user(owner) }), 401],
    ['a lifecycle token', () => ({ token: api.mint.lifecycle(owner) }), 401],
    ['the installation token', () => ({ token: api.mint.installation(owner) }), 401],
    ['another genuine webhook token of the installation', () => ({ token: api.mint.webhook(owner) }), 401],
    ['a token of another key', () => ({ token: api.mint.webhook(owner, { sub: 'other-addon' }) }), 401],
    ['a forged token', () => ({ token: `${tokens.NEW_TAG.slice(0, -4)}AAAA` }), 401],
    ['an opaque text', () => ({ token: 'x'.repeat(32) }), 401],
    ['an opaque text for a named installation', () => ({ token: 'x'.repeat(32), query }), 401],
    ['no token for a named installation', () => ({ query }), 401],
    ["another installation's token for a named one", () => ({ token: strangersTokens.NEW_TAG, query }), 401],
    [
      'its token with the name of another installation',
      () => own({ query: query.replace(owner.addonId, 'd'.repeat(24)) }),
      401,
    ],
    ['its token with half a name', () => own({ query: `?workspaceId=${owner.workspaceId}` }), 401],
    ['two tokens', () => ({ token: [tokens.NEW_TAG, tokens.NEW_TAG] }), 400],
    ['another event in the header', () => eventHeader('NEW_TASK'), 401],
    ['the event in another letter case', () => eventHeader('new_tag'), 401],
    ['two events', () => eventHeader(['NEW_TAG', 'NEW_TAG']), 400],
    ['a compressed body', () => own({ headers: { 'content-encoding': 'gzip' } }), 415],
    ['a body that is no JSON by its type', () => own({ headers: { 'content-type': 'text/plain' } }), 415],
    ['a body of another workspace', () => own({ body: { workspaceId: stranger.workspaceId } }), 403],
    ['a body with a list of workspaces', () => own({ body: { workspaceId: [owner.workspaceId] } }), 403],
  ])('%s', async (_, delivery, status) => {
    const before = await api.snapshot();
    const answer = await send(delivery());
    expect(answer.status).toBe(status);
    expect(answer.text).not.toMatch(/eyJ/);
    expect(await api.snapshot()).toEqual(before);
  });

  it.each(['TIME_ENTRY_CREATED', 'new_tag', 'NEW_TAG/', ''])('the event %j, which there is not', async (event) => {
    expect((await send(own(), event)).status).toBe(404);
  });
});

test('a webhook that we registered ourselves is recognised by the installation that its URL names', async () => {
  const opaque = 'q'.repeat(32);
  await api.rows(`update webhook_registrations set kind = 'opaque', token_digest = '${digestToken(opaque)}'
    where workspace_id = '${owner.workspaceId}' and event = 'TAG_DELETED'`);
  const query = `?workspaceId=${owner.workspaceId}&addonId=${owner.addonId}`;
  await waitForFreshGates();
  expect((await send({ token: opaque, query }, 'TAG_DELETED')).status).toBe(200);
  expect((await send({ token: opaque }, 'TAG_DELETED')).status).toBe(401);
  expect((await send({ token: opaque, query }, 'TAG_UPDATED')).status).toBe(401);
  expect((await send({ token: tokens.TAG_DELETED, query }, 'TAG_DELETED')).status).toBe(401);
  expect((await send({ token: tokens.NEW_TAG, query })).status).toBe(200);
});

/** What the gate knows is at most a second old. */
async function waitForFreshGates(): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 1_050));
}

describe('the size of a body', () => {
  const bytes = (length: number) => Buffer.alloc(length, 0x20);

  it.each([
    ['with its length', false],
    ['without its length', true],
  ])('may be exactly the limit, %s', async (_, chunked) => {
    expect((await send(own({ body: bytes(limit), chunked }))).status).toBe(200);
    const answer = await send(own({ body: bytes(limit + 1), chunked }));
    expect(answer.status).toBe(413);
    expect(answer.json()).toMatchObject({ error: 'payload_too_large', max_bytes: limit, actual_bytes: limit + 1 });
    expect(await stored()).toHaveLength(1);
  });

  it.each([
    ['no token', 'a length', () => '', 'Content-Length: 419430400'],
    ['no token', 'no length', () => '', 'Transfer-Encoding: chunked'],
    ['a wrong token', 'a length', () => `Clockify-Signature: ${api.mint.webhook(owner)}\r\n`, 'Content-Length: 9'],
    ['a wrong token', 'no length', () => 'Clockify-Signature: x\r\n', 'Transfer-Encoding: chunked'],
  ])('is not looked at for a call with %s and %s: it is answered before a byte of it came', async (...row) => {
    const [, , token, framing] = row;
    const answer = await sendHeadersOnly(
      `POST /webhooks/clockify/NEW_TAG HTTP/1.1\r\nHost: x\r\n${token()}Clockify-Webhook-Event-Type: NEW_TAG\r\n` +
        `Content-Type: application/json\r\n${framing}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    expect(answer).toMatch(/\r\nConnection: close\r\n/i);
  });
});

/** All that comes back until the server closes the connection. */
function sendHeadersOnly(text: string): Promise<string> {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  let received = '';
  const socket = connect(Number(new URL(api.url).port), '127.0.0.1', () => socket.write(text));
  socket.on('data', (data: Buffer) => (received += data.toString()));
  socket.on('error', reject).on('close', () => resolve(received));
  return promise;
}

test('is stored as it came, with the request id and without a secret', async () => {
  const body = '{"id":"t1",  "name":"caf\\u00e9","workspaceId":"' + owner.workspaceId + '"}';
  const answer = await send(own({ body, headers: { 'X-Request-Id': 'req-1', Cookie: 'a=b', 'X-Custom': 'c' } }));
  expect(answer.status).toBe(200);
  const [row] = await stored();
  expect(row).toMatchObject({
    workspace_id: owner.workspaceId,
    addon_id: owner.addonId,
    event: 'NEW_TAG',
    body: { id: 't1', name: 'café', workspaceId: owner.workspaceId },
    deliveries: 1,
    state: 'received',
    attempts: 0,
    reason: null,
    request_id: 'req-1',
    headers: expect.objectContaining({
      'clockify-signature': '[redacted]',
      cookie: '[redacted]',
      'x-custom': '[redacted]',
      'clockify-webhook-event-type': 'NEW_TAG',
    }),
  });
  expect(row?.['raw']).toEqual(Buffer.from(body));
  expect(JSON.stringify(await api.snapshot())).not.toContain(tokens.NEW_TAG);
  const line = api.log.findLast((each) => each.includes('"webhook_received"')) ?? '{}';
  expect(JSON.parse(line)).toMatchObject({ requestId: 'req-1', ...owner, event: 'NEW_TAG', outcome: 'stored' });
});

describe('a delivery that comes again', () => {
  const states = async () => (await stored()).map(({ deliveries, state }) => ({ deliveries, state }));

  it('is one row that waits again, whatever became of it, with a due time of its own', async () => {
    const body = { id: 't1' };
    await send(own({ body }));
    const [first] = await stored();
    for (const state of ['processed', 'parked']) {
      await api.rows(`update webhook_events set state = '${state}', attempts = 3, reason = 'x'`);
      await send(own({ body, headers: { 'idempotency-key': state } }));
      expect(await stored()).toMatchObject([{ state: 'received', attempts: 0, reason: null }]);
    }
    const [last] = await stored();
    expect(last).toMatchObject({ deliveries: 3, received_at: first?.['received_at'] });
    expect(Number(last?.['due_at'])).toBeGreaterThan(Number(first?.['due_at']));
  });

  it('stays quarantined', async () => {
    for (let times = 0; times < 2; times += 1) await send(own({ body: 'no json' }));
    expect(await states()).toEqual([{ deliveries: 2, state: 'quarantined' }]);
  });

  it('rings again for A after A, B, A', async () => {
    const [a, b] = [{ name: 'A' }, { name: 'B' }];
    for (const body of [a, b]) await send(own({ body }));
    await api.rows(`update webhook_events set state = 'processed'`);
    await send(own({ body: a }));
    expect(await states()).toEqual([
      { deliveries: 2, state: 'received' },
      { deliveries: 1, state: 'processed' },
    ]);
  });

  it('is a new row for another event, another window and another installation', async () => {
    const body = { id: 't1' };
    await send(own({ body }));
    await api.rows(`update webhook_events set window_start = window_start - interval '10 minutes'`);
    await send(own({ body }));
    await send({ token: tokens.TAG_UPDATED, body }, 'TAG_UPDATED');
    await send({ token: strangersTokens.NEW_TAG, body });
    expect((await states()).map(({ deliveries }) => deliveries)).toEqual([1, 1, 1, 1]);
  });
});

test('a token that was replaced counts no more from that moment on, although the gate may still know it', async () => {
  await waitUntil(async () => (await send(own())).status === 200);
  const setDigest = (digest: string) =>
    api.rows(`update webhook_registrations set token_digest = '${digest}'
      where workspace_id = '${owner.workspaceId}' and event = 'NEW_TAG'`);
  await setDigest(digestToken('another token'));
  const answer = await send(own({ body: { late: true } }));
  await setDigest(digestToken(tokens.NEW_TAG));
  expect([401, 503]).toContain(answer.status);
  expect(await stored()).toHaveLength(1);
});

test.each(['inactive', 'pending_probe', 'delete_pending', 'suspect', 'superseded'])(
  'a delivery for an installation that is %s is asked to come again, at once',
  async (status) => {
    const set = (to: string) =>
      api.rows(`update installations set status = '${to}' where workspace_id = '${owner.workspaceId}'`);
    await waitUntil(async () => (await send(own())).status === 200);
    await set(status);
    const answer = await send(own({ body: { late: true } }));
    await set('active');
    expect(answer.status).toBe(503);
    expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    expect(await stored()).toHaveLength(1);
  },
);
