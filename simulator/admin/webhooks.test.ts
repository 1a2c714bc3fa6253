import { afterEach, beforeEach, expect, it } from '@jest/globals';
import { startWatched, type Watched } from '../test-support/watched.ts';

let watched: Watched;

beforeEach(async () => {
  watched = await startWatched({ events: ['NEW_TAG', 'TAG_UPDATED'] });
});
afterEach(() => watched.close());

async function admin(method: string, path: string, body?: unknown): Promise<unknown> {
  const response = await fetch(`${watched.simulator.url}/__simulator/workspaces/${watched.workspaceId}/${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return response.json();
}

const fire = (body: unknown) =>
  admin('POST', 'webhooks/fire', body) as Promise<{ deliveryIds: string[]; error?: string }>;
const settle = () => admin('POST', 'deliveries/settle');

it('fires an event about a row, and tells what became of it', async () => {
  const tag = String(watched.simulator.rows(watched.workspaceId, 'tags')[2]?.['id']);
  const { deliveryIds } = await fire({ event: 'TAG_UPDATED', entityId: tag });

  expect(await settle()).toMatchObject({ deliveries: 1, acknowledged: 1, events: { TAG_UPDATED: 1 } });
  expect(await admin('GET', 'deliveries/summary')).toMatchObject({ acknowledged: 1, unacknowledged: 0, givenUp: 0 });
  expect(await admin('GET', 'deliveries')).toMatchObject([{ id: deliveryIds[0], state: 'acknowledged' }]);
  expect(await admin('GET', `deliveries/${deliveryIds[0]}`)).toMatchObject({ body: expect.stringContaining(tag) });
  expect(await admin('POST', 'deliveries/reset')).toEqual({});
  expect(await admin('GET', 'deliveries')).toEqual([]);
});

it.each([
  ['JSON', { body: { id: 'x', workspaceId: 'foreign' } }, '{"id":"x","workspaceId":"foreign"}'],
  ['text', { rawBody: '{"id":' }, '{"id":'],
  ['bytes', { rawBase64: Buffer.from([0xff, 0x00]).toString('base64') }, Buffer.from([0xff, 0x00])],
])('fires with %s of the caller', async (_kind, chosen, raw) => {
  await fire({ event: 'NEW_TAG', ...chosen });
  await settle();

  expect(watched.addon.webhooks()[0]?.raw).toEqual(Buffer.from(raw));
});

it('fires with other headers, or without them', async () => {
  const headers = { 'clockify-signature': 'forged', 'idempotency-key': null, 'x-more': '1' };
  await fire({ event: 'NEW_TAG', headers });
  await settle();
  const received = watched.addon.webhooks()[0]?.headers;

  expect(received).toMatchObject({ 'clockify-signature': 'forged', 'x-more': '1' });
  expect(received).not.toHaveProperty('idempotency-key');
});

it('fires to one webhook whatever that is for', async () => {
  await fire({ event: 'CLIENT_UPDATED', hookId: watched.hookId('NEW_TAG') });
  await settle();
  const [call] = watched.addon.webhooks();

  expect([call?.path, watched.events()]).toEqual(['/webhooks/NEW_TAG', ['CLIENT_UPDATED']]);
});

it('fires about one row after another', async () => {
  const { deliveryIds } = await fire({ event: 'NEW_TAG', times: 5 });
  await settle();

  expect(deliveryIds).toHaveLength(5);
  expect(new Set(watched.addon.webhooks().map(({ body }) => body['id'])).size).toBe(5);
});

it('fires nothing where no webhook is for the event', async () => {
  expect(await fire({ event: 'NEW_CLIENT' })).toEqual({ deliveryIds: [] });
});

it.each([
  ['an unknown event', { event: 'TIME_ENTRY_BATCH_DELETED' }, /is no event/],
  ['a row that is not there', { event: 'NEW_TAG', entityId: 'nobody' }, /No row of tags/],
])('does not fire %s without a body', async (_what, options, message) => {
  expect((await fire({ ...options, hookId: watched.hookId('NEW_TAG') })).error).toMatch(message);
  expect(await fire({ ...options, hookId: watched.hookId('NEW_TAG'), body: {} })).toMatchObject({
    deliveryIds: [expect.any(String)],
  });
});

it('sets how deliveries go, draws troubles, switches a webhook off and lists all of them', async () => {
  const hookId = watched.hookId('NEW_TAG');

  expect(await admin('POST', 'webhooks/settings', { cap: 20, drop: 0.5 })).toMatchObject({
    cap: 20,
    drop: 0.5,
    speed: 1_000,
  });
  expect(await admin('POST', 'webhooks/trouble', { seed: 1, steps: 2, stepMs: 10 })).toHaveLength(2);
  expect(await admin('POST', `webhooks/hooks/${hookId}`, { planEnabled: false })).toMatchObject({ planEnabled: false });
  expect(await admin('GET', 'webhooks')).toMatchObject([
    { hook: { id: hookId, planEnabled: false }, isDeclared: true, addonId: watched.install.addonId },
    { hook: { webhookEvent: 'TAG_UPDATED', planEnabled: true } },
  ]);
  expect(await admin('POST', 'feeds', { answer: 'refused' })).toEqual({
    answer: 'refused',
    loss: 0,
    deletions: 'wrapped',
  });
});

it.each([
  ['GET', 'deliveries/nobody', /no delivery/],
  ['POST', 'webhooks/hooks/nobody', /no webhook/],
])('%s %s says what is missing', async (method, path, message) => {
  expect(await admin(method, path, method === 'POST' ? {} : undefined)).toEqual({
    error: expect.stringMatching(message),
  });
});

it('stops waiting for deliveries that stay open', async () => {
  watched.simulator.setWebhooks(watched.workspaceId, { speed: 0.001, delayMs: 60_000 });
  await fire({ event: 'NEW_TAG' });

  expect(await admin('POST', 'deliveries/settle', { timeoutMs: 20 })).toEqual({
    error: expect.stringMatching(/still open/),
  });
});
