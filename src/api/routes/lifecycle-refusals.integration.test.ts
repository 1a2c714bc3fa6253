import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { startTestApi } from '../../../test/support/api.ts';
import type { TestApi } from '../../../test/support/api.ts';
import { createTokenMint } from '../../../test/support/token-mint.ts';
import type { TokenMint } from '../../../test/support/token-mint.ts';

const owner = { workspaceId: 'a'.repeat(24), addonId: 'b'.repeat(24) };
const stranger = { workspaceId: 'e'.repeat(24), addonId: 'f'.repeat(24) };
const now = Math.floor(Date.now() / 1000);

const stranding = createTokenMint();
let api: TestApi;
let before: unknown;
beforeAll(async () => {
  api = await startTestApi();
  await post('installed', bodyOf('installed'));
});
afterAll(() => api.stop());
beforeEach(async () => void (before = await api.snapshot()));
/** What was refused has changed nothing. */
afterEach(async () => expect(await api.snapshot()).toEqual(before));

const post = (event: string, body: unknown, headers: Record<string, string | string[]> = {}) =>
  api.send(`/lifecycle/${event}`, {
    method: 'POST',
    headers: { 'x-addon-lifecycle-token': api.mint.lifecycle(owner), ...headers },
    body,
  });

const events = ['installed', 'status-changed', 'settings-updated', 'deleted'];

/** A body that changes something when it is accepted. */
function bodyOf(event: string): Record<string, unknown> {
  switch (event) {
    case 'installed':
      return { ...owner, authToken: api.mint.installation(owner), apiUrl: 'https://api.clockify.me/api' };
    case 'status-changed':
      return { ...owner, status: 'INACTIVE' };
    case 'settings-updated':
      return { ...owner, settings: [{ id: 'developer_mode', name: 'x', value: true }] };
    default:
      return owner;
  }
}

const errorBody = {
  error: expect.stringMatching(/^[a-z_]+$/),
  detail: expect.stringMatching(/^[A-Z].*\.$/),
  timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
  requestId: expect.stringMatching(/^[\w-]{36}$/),
};

describe.each(events)('%s', (event) => {
  const tokens: [string, (mint: TokenMint) => string][] = [
    ['a user token', (mint) => mint.user(owner)],
    ['a webhook token', (mint) => mint.webhook(owner)],
    ['an installation token', (mint) => mint.installation(owner)],
    ['a token without expiry', (mint) => mint.lifecycle(owner, { exp: undefined })],
    ['an expired token', (mint) => mint.lifecycle(owner, { exp: now - 61 })],
    ['a token of last week', (mint) => mint.lifecycle(owner, { iat: now - 7 * 86_400 })],
    ['a token from the future', (mint) => mint.lifecycle(owner, { iat: now + 120 })],
    ['a token of another issuer', (mint) => mint.lifecycle(owner, { iss: 'someone' })],
    ['a token for another add-on', (mint) => mint.lifecycle(owner, { sub: 'other-addon' })],
    ['a token of another type', (mint) => mint.lifecycle(owner, { type: 'user' })],
    ['a token without workspace', (mint) => mint.lifecycle(owner, { workspaceId: undefined })],
    ['a token with a list of workspaces', (mint) => mint.lifecycle(owner, { workspaceId: [owner.workspaceId] })],
    ['a token signed by somebody else', () => stranding.lifecycle(owner)],
    ['an unsigned token', (mint) => mint.signClaims(mint.claimsOf.lifecycle(owner), { alg: 'none' })],
    ['a token in another spelling', (mint) => `${mint.lifecycle(owner)}=`],
    ['no token', () => ''],
  ];

  it.each(tokens)('refuses %s', async (_, token) => {
    const answer = await post(event, bodyOf(event), { 'x-addon-lifecycle-token': token(api.mint) });
    expect(answer.status).toBe(401);
    expect(answer.json()).toEqual({
      ...errorBody,
      error: 'invalid_token',
      detail: 'The token is missing or not valid for this call.',
    });
    expect(answer.text.length).toBeLessThan(1024);
  });

  it.each(['x-addon-token', 'clockify-signature', 'x-addon-signature', 'x-webhook-signature', 'authorization'])(
    'does not look for the token in %s',
    async (header) => {
      const answer = await api.send(`/lifecycle/${event}`, {
        method: 'POST',
        headers: { [header]: api.mint.lifecycle(owner) },
        body: bodyOf(event),
      });
      expect(answer.status).toBe(401);
    },
  );

  it('refuses two tokens', async () => {
    const token = api.mint.lifecycle(owner);
    const answer = await post(event, bodyOf(event), { 'x-addon-lifecycle-token': [token, token] });
    expect(answer.status).toBe(400);
  });

  it.each(['workspaceId', 'addonId'])('refuses a body that names another %s than the token', async (name) => {
    const answer = await post(event, { ...bodyOf(event), [name]: stranger.workspaceId });
    expect(answer.status).toBe(403);
    expect(answer.json()).toEqual({ ...errorBody, error: 'workspace_mismatch' });
  });

  it.each([undefined, null, 7, [], {}, '', 'A'.repeat(24), `${owner.addonId}\u0000`])(
    'refuses %j as the add-on id of the body',
    async (addonId) => {
      const answer = await post(event, { ...bodyOf(event), addonId });
      expect(answer.status).toBe(422);
      expect(answer.json()).toMatchObject({ error: 'validation_failed', fields: [{ path: '/addonId' }] });
    },
  );

  it.each(['', '{', '"text"', '[]', 'null', Buffer.from([0x7b, 0xff, 0x7d])])('refuses the body %j', async (body) => {
    expect([400, 422]).toContain((await post(event, body)).status);
  });

  it.each([
    ['content-type', 'text/plain'],
    ['content-type', 'application/json; charset=utf-16'],
    ['content-type', 'application/x-www-form-urlencoded'],
    ['content-encoding', 'gzip'],
  ])('refuses the %s %s', async (name, value) => {
    expect((await post(event, bodyOf(event), { [name]: value })).status).toBe(415);
  });

  it.each([true, false])('refuses a body over 256 KiB, chunked: %s', async (chunked) => {
    const body = JSON.stringify({ ...bodyOf(event), padding: 'x'.repeat(256 * 1024) });
    const answer = await api.send(`/lifecycle/${event}`, {
      method: 'POST',
      headers: { 'x-addon-lifecycle-token': api.mint.lifecycle(owner) },
      body,
      chunked,
    });
    expect(answer.status).toBe(413);
    expect(answer.json()).toMatchObject({ max_bytes: 262_144, actual_bytes: expect.any(Number) });
    expect(Number(answer.json()['actual_bytes'])).toBeGreaterThan(262_144);
  });
});

describe('INSTALLED', () => {
  const bad: [string, (mint: TokenMint) => string][] = [
    ['random text', () => 'random'],
    ['the user token', (mint) => mint.user(owner)],
    ['a webhook token', (mint) => mint.webhook(owner)],
    ['a lifecycle token', (mint) => mint.lifecycle(owner)],
    ['the token of another workspace', (mint) => mint.installation({ ...owner, workspaceId: stranger.workspaceId })],
    ['the token of another installation', (mint) => mint.installation({ ...owner, addonId: stranger.addonId })],
    ['an expired token', (mint) => mint.installation(owner, { exp: now - 100 })],
    ['a token signed by somebody else', () => stranding.installation(owner)],
  ];

  it.each(bad)('refuses %s as the installation token', async (_, token) => {
    expect((await post('installed', { ...bodyOf('installed'), authToken: token(api.mint) })).status).toBe(401);
  });

  it.each(bad.filter(([name]) => name !== 'a webhook token'))('refuses %s as a webhook token', async (_, token) => {
    const webhooks = [{ path: '/webhooks/clockify/NEW_TAG', webhookType: 'ADDON', authToken: token(api.mint) }];
    expect((await post('installed', { ...bodyOf('installed'), webhooks })).status).toBe(401);
  });

  it.each([
    'https://evil.example.com/api',
    'https://euc1.clockify.me/api',
    'http://api.clockify.me/api',
    'http://127.0.0.1:4010/api',
    '',
  ])('refuses the address %j when the token names another', async (apiUrl) => {
    const answer = await post('installed', { ...bodyOf('installed'), apiUrl });
    expect(answer.status).toBe(422);
    expect(answer.json()).toMatchObject({ error: 'validation_failed', fields: [{ path: '/apiUrl' }] });
  });

  it.each([
    'https://evil.example.com/api',
    'https://api.clockify.me.evil.example.com/api',
    'https://evil.clockify.me@example.com/api',
    'http://api.clockify.me/api',
    'https://api.clockify.me:8443/api',
    'https://127.0.0.1/api',
    'https://2130706433/api',
    'https://[::1]/api',
    'http://localhost:4010/api',
    'https://clockify.me/api',
    'ftp://api.clockify.me/api',
  ])('refuses a token that names the address %s', async (backendUrl) => {
    const authToken = api.mint.installation(owner, { backendUrl });
    expect((await post('installed', { ...bodyOf('installed'), authToken, apiUrl: backendUrl })).status).toBe(422);
    const reports = api.mint.installation(owner, { reportsUrl: backendUrl });
    expect((await post('installed', { ...bodyOf('installed'), authToken: reports })).status).toBe(422);
  });
});

it.each(['active', 'DELETED', '', null, ['ACTIVE']])('STATUS_CHANGED refuses the word %j', async (status) => {
  expect((await post('status-changed', { ...owner, status })).status).toBe(422);
});

it.each([
  [{ id: 'auto_bootstrap', name: 'x', value: 'yes' }],
  [
    { id: 'auto_bootstrap', name: 'x', value: true },
    { id: 'logging_level', name: 'y', value: 'shouting' },
  ],
  'everything',
])('SETTINGS_UPDATED refuses the values %j', async (...settings) => {
  expect((await post('settings-updated', { ...owner, settings })).status).toBe(422);
});

it.each(['status-changed', 'settings-updated', 'deleted'])(
  '%s for an unknown installation is not found',
  async (event) => {
    const token = api.mint.lifecycle(stranger);
    const answer = await post(event, { ...bodyOf(event), ...stranger }, { 'x-addon-lifecycle-token': token });
    expect(answer.status).toBe(404);
  },
);

it('refusals count by the kind of token the call needs', async () => {
  const text = await api.metrics.registry.metrics();
  for (const scope of ['lifecycle', 'installation', 'webhook']) {
    expect(text).not.toContain(`verification_failures_total{scope="${scope}"} 0`);
  }
});
