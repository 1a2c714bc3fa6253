import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import { startTestApi } from '../../../test/support/api.ts';
import type { TestApi } from '../../../test/support/api.ts';
import { buildWebhookPath } from '../../domain/webhook-events.ts';
import { digestToken } from '../../platform/token-digest.ts';

const workspaceId = 'a'.repeat(24);
const addonId = 'b'.repeat(24);
const owner = { workspaceId, addonId };
const user = 'c'.repeat(24);

let api: TestApi;
beforeAll(async () => void (api = await startTestApi()));
afterAll(() => api.stop());
beforeEach(() => api.reset());

const post = (event: string, body: unknown, token = api.mint.lifecycle(owner)) =>
  api.send(`/lifecycle/${event}`, { method: 'POST', headers: { 'X-Addon-Lifecycle-Token': token }, body });

const webhook = (path: string, authToken = api.mint.webhook(owner)) => ({ path, webhookType: 'ADDON', authToken });
const installedBody = (changes: Record<string, unknown> = {}) => ({
  ...owner,
  authToken: api.mint.installation(owner),
  asUser: user,
  apiUrl: 'https://api.clockify.me/api',
  addonUserId: user,
  webhooks: [webhook('/webhooks/clockify/NEW_TAG')],
  ...changes,
});
const install = async (changes: Record<string, unknown> = {}) => {
  const body = installedBody(changes);
  expect((await post('installed', body)).status).toBe(204);
  return body;
};
const status = async () => (await api.rows('select status from installations'))[0]?.['status'];

describe('INSTALLED', () => {
  it('stores the installation with a sealed token, and the digests of its webhooks', async () => {
    const body = await install();
    const [row] = await api.rows('select * from installations');
    expect(row).toMatchObject({
      workspace_id: workspaceId,
      addon_id: addonId,
      status: 'active',
      api_url: 'https://api.clockify.me/api/v1',
      reports_url: 'https://reports.api.clockify.me/v1',
      as_user: user,
      addon_user_id: user,
      token: expect.stringMatching(/^v1\.k1\./),
      token_digest: digestToken(body.authToken),
    });
    expect(JSON.stringify(await api.snapshot())).not.toContain(body.authToken);
    expect(await api.rows('select path, event, token_digest from webhook_registrations')).toEqual([
      {
        path: buildWebhookPath('NEW_TAG'),
        event: 'NEW_TAG',
        token_digest: digestToken(body.webhooks[0]?.authToken ?? ''),
      },
    ]);
    expect(await api.rows('select event from outbox')).toEqual([{ event: 'installed' }]);
  });

  it('a second identical call changes nothing', async () => {
    const body = await install();
    const before = await api.snapshot();
    expect((await post('installed', body)).status).toBe(204);
    expect(await api.snapshot()).toEqual(before);
  });

  it('may lack webhooks, and may have members we do not know', async () => {
    await install({ webhooks: undefined, installationToken: 'x', ['__proto__']: { status: 'inactive' } });
    expect(await status()).toBe('active');
  });

  it.each([
    'https://studio.example.com/webhooks/clockify/NEW_TAG',
    '/webhooks/clockify/NEW_TAG',
    '//webhooks/clockify/NEW_TAG',
    'https://studio.example.com//webhooks/clockify/NEW_TAG',
  ])('maps the webhook path %s to its route', async (path) => {
    await install({ webhooks: [webhook(path)] });
    expect(await api.rows('select path from webhook_registrations')).toEqual([{ path: buildWebhookPath('NEW_TAG') }]);
  });

  it('passes over webhooks that are not ours', async () => {
    await install({ webhooks: [webhook('/elsewhere'), webhook('/webhooks/clockify/TIME_ENTRY_CREATED')] });
    expect(await api.rows('select path from webhook_registrations')).toEqual([]);
  });

  it.each([
    'https://api.clockify.me/api',
    'https://euc1.clockify.me/api',
    'https://developer.clockify.me/api',
    'https://team.clockify.me/api/',
    'https://api.clockify.me/api/v1',
  ])('appends the version to the base %s once', async (backendUrl) => {
    await install({ authToken: api.mint.installation(owner, { backendUrl }), apiUrl: backendUrl });
    expect(await api.rows('select api_url from installations')).toEqual([
      { api_url: `${backendUrl.replace(/(\/v1)?\/?$/, '')}/v1` },
    ]);
  });
});

test('STATUS_CHANGED switches off and on; repeats are no-ops', async () => {
  await install();
  expect((await post('status-changed', { ...owner, status: 'INACTIVE' })).status).toBe(204);
  expect((await post('status-changed', { ...owner, status: 'INACTIVE' })).status).toBe(204);
  expect(await status()).toBe('inactive');
  expect((await post('status-changed', { ...owner, status: 'ACTIVE' })).status).toBe(204);
  expect(await status()).toBe('active');
  expect(await api.rows(`select event from outbox where event = 'status-changed'`)).toHaveLength(2);
});

test('SETTINGS_UPDATED merges known values; unknown ids are passed over and logged', async () => {
  await install();
  const settings = [
    { id: 'auto_bootstrap', name: 'x', value: false },
    { id: 'unknown_thing', name: 'y', value: 1 },
  ];
  expect((await post('settings-updated', { ...owner, settings })).status).toBe(204);
  expect(await api.rows('select settings from installations')).toEqual([{ settings: { auto_bootstrap: false } }]);
  expect(api.log.join('')).toContain('unknown_thing');
});

test('DELETED puts the installation out of use; a second one is a no-op', async () => {
  await install();
  expect((await post('deleted', { ...owner, asUser: user })).status).toBe(204);
  const before = await api.snapshot();
  expect(await status()).toBe('delete_pending');
  expect((await post('deleted', owner)).status).toBe(204);
  expect(await api.snapshot()).toEqual(before);
});

test('doubled slashes reach the same route', async () => {
  const request = {
    method: 'POST',
    headers: { 'x-addon-lifecycle-token': api.mint.lifecycle(owner) },
    body: installedBody(),
  };
  expect((await api.send('//lifecycle//installed', request)).status).toBe(204);
});

test('each outcome is counted once', async () => {
  await install();
  await post('deleted', { ...owner, addonId: user });
  const text = await api.metrics.registry.metrics();
  const before = /lifecycle_events_total\{event="installed"\} (\d+)/.exec(text)?.[1];
  await install();
  const after = await api.metrics.registry.metrics();
  expect(after).toContain(`clockify_lifecycle_events_total{event="installed"} ${Number(before) + 1}`);
  expect(after).toContain('clockify_lifecycle_events_failed_total{event="deleted"} 1');
});

test('no token and no secret gets into the log', async () => {
  const body = await install();
  await post('installed', { ...body, apiUrl: body.authToken });
  await post('installed', body, `${api.mint.user(owner)}x`);
  const output = api.log.join('');
  expect(output).toContain('request_completed');
  expect(output).not.toMatch(/eyJ/);
});
