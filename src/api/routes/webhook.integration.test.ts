import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import { startTestApi } from '../../../test/support/api.ts';
import type { TestApi } from '../../../test/support/api.ts';
import { buildWebhookPath, webhookEvents } from '../../domain/webhook-events.ts';

const owner = { workspaceId: 'a'.repeat(24), addonId: 'b'.repeat(24) };
const other = { workspaceId: 'e'.repeat(24), addonId: 'f'.repeat(24) };

let api: TestApi;
let tokens: Record<string, string>;
let before: unknown;

beforeAll(async () => {
  api = await startTestApi();
  tokens = Object.fromEntries(
    webhookEvents.map((event, index) => [event, api.mint.webhook(owner, { iat: 1_700_000_000 + index })]),
  );
  const webhooks = webhookEvents.map((event) => ({ path: buildWebhookPath(event), authToken: tokens[event] }));
  const authToken = api.mint.installation(owner);
  const answer = await api.send('/lifecycle/installed', {
    method: 'POST',
    headers: { 'x-addon-lifecycle-token': api.mint.lifecycle(owner) },
    body: { ...owner, authToken, apiUrl: 'https://api.clockify.me/api', webhooks },
  });
  expect(answer.status).toBe(204);
});
afterAll(() => api.stop());
beforeEach(async () => void (before = await api.snapshot()));
afterEach(async () => expect(await api.snapshot()).toEqual(before));

const deliver = (
  event: string,
  token: string | string[] | undefined,
  changes: Record<string, string | string[]> = {},
  body: unknown = {},
) =>
  api.send(`/webhooks/clockify/${event}`, {
    method: 'POST',
    headers: {
      ...(token !== undefined && { 'Clockify-Signature': token }),
      'Clockify-Webhook-Event-Type': event,
      ...changes,
    },
    body,
  });

test.each(webhookEvents)('%s: its own token is let through, and asked to come again', async (event) => {
  const answer = await deliver(event, tokens[event]);
  expect(answer.status).toBe(503);
  expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
});

test('the token of one event is refused at every other', async () => {
  const [presented] = webhookEvents;
  for (const event of webhookEvents.slice(1)) {
    expect((await deliver(event, tokens[String(presented)])).status).toBe(401);
  }
});

describe('refuses', () => {
  it.each<[string, () => string | string[] | undefined, number]>([
    ['no token', () => undefined, 401],
    ['a user token', () => api.mint.user(owner), 401],
    ['a lifecycle token', () => api.mint.lifecycle(owner), 401],
    ['the installation token', () => api.mint.installation(owner), 401],
    ['another genuine webhook token of the installation', () => api.mint.webhook(owner), 401],
    ['a forged token', () => `${String(tokens['NEW_TAG']).slice(0, -4)}AAAA`, 401],
    ['an opaque text', () => 'x'.repeat(32), 401],
    ['two tokens', () => [String(tokens['NEW_TAG']), String(tokens['NEW_TAG'])], 400],
  ])('%s', async (_, token, status) => {
    expect((await deliver('NEW_TAG', token())).status).toBe(status);
  });

  it.each<[string, string | string[], number]>([
    ['another event than that of the path', 'NEW_TASK', 401],
    ['an event in another letter case', 'new_tag', 401],
    ['two events', ['NEW_TAG', 'NEW_TAG'], 400],
  ])('%s in the header', async (_, event, status) => {
    expect((await deliver('NEW_TAG', tokens['NEW_TAG'], { 'Clockify-Webhook-Event-Type': event })).status).toBe(status);
  });

  it.each(['TIME_ENTRY_CREATED', 'new_tag', 'NEW_TAG/', ''])('the unknown event %j', async (event) => {
    expect((await deliver(event, tokens['NEW_TAG'])).status).toBe(404);
  });

  it('a body over 5 MiB, and takes one of exactly 5 MiB', async () => {
    const limit = 5 * 1024 * 1024;
    const answer = await deliver('NEW_TAG', tokens['NEW_TAG'], {}, Buffer.alloc(limit + 1, 0x20));
    expect(answer.status).toBe(413);
    expect(answer.json()).toMatchObject({ max_bytes: limit, actual_bytes: limit + 1 });
    expect((await deliver('NEW_TAG', tokens['NEW_TAG'], {}, Buffer.alloc(limit, 0x20))).status).toBe(503);
  });
});

test('a delivery for an installation we do not know is asked to come again', async () => {
  expect((await deliver('NEW_TAG', api.mint.webhook(other))).status).toBe(503);
});

test.each(['inactive', 'delete_pending', 'suspect'])(
  'a delivery for an installation that is %s is asked to come again',
  async (status) => {
    await api.rows(`update installations set status = '${status}'`);
    expect((await deliver('NEW_TAG', tokens['NEW_TAG'])).status).toBe(503);
    expect((await deliver('NEW_TAG', api.mint.webhook(owner))).status).toBe(401);
    await api.rows(`update installations set status = 'active'`);
  },
);
