import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startWatched } from '../test-support/watched.ts';
import { startWebhookApi, type WebhookApi } from '../test-support/webhook-api.ts';

let api: WebhookApi;

beforeEach(async () => {
  api = await startWebhookApi();
});
afterEach(() => api.close());

describe('who may', () => {
  it.each([
    ['GET', '/webhooks'],
    ['POST', '/webhooks'],
    ['GET', '/webhooks/w1'],
    ['PUT', '/webhooks/w1'],
    ['DELETE', '/webhooks/w1'],
    ['PATCH', '/webhooks/w1/token'],
    ['POST', '/webhooks/w1/logs'],
  ])('%s %s is closed to add-ons unless it is opened', async (method, path) => {
    api.simulator.setWebhooks(api.workspaceId, { open: false });

    expect(await api.call(method, path)).toEqual({ status: 401, body: { message: 'API is not accessible' } });
  });

  it('needs a scope to write, even when it is open', async () => {
    const poor = await startWatched({ events: ['NEW_TAG'], install: { scopes: ['WORKSPACE_READ'] } });
    poor.simulator.setWebhooks(poor.workspaceId, { open: true });
    const response = await fetch(`${poor.simulator.url}/api/v1/workspaces/${poor.workspaceId}/webhooks`, {
      method: 'POST',
      headers: { 'x-addon-token': poor.install.installationToken },
      body: JSON.stringify(api.sound()),
    });

    expect([response.status, await response.json()]).toEqual([401, { message: 'Missing permission: WORKSPACE_WRITE' }]);
    await poor.close();
  });

  it('is open to the key of an admin, and his webhook outlives the add-on', async () => {
    api.simulator.setWebhooks(api.workspaceId, { open: false });
    const headers = { 'x-api-key': api.simulator.issueApiKey(api.workspaceId).apiKey };
    const created = await api.call('POST', '/webhooks', api.sound(), headers);
    await api.simulator.uninstall(api.workspaceId);
    await api.renameClient();

    expect([created.status, created.body['userId']]).toEqual([201, api.install.ownerId]);
    expect(api.events()).toEqual(['CLIENT_UPDATED']);
  });
});

describe('a new webhook', () => {
  it('is answered whole, with an opaque token that signs its deliveries', async () => {
    const { status, body } = await api.call('POST', '/webhooks', api.sound());
    await api.renameClient();
    const [delivered] = api.addon.webhooks();

    expect(status).toBe(201);
    expect(body).toEqual({
      ...api.sound(),
      id: expect.stringMatching(/^[\da-f]{24}$/),
      userId: api.install.ownerId,
      workspaceId: api.workspaceId,
      enabled: true,
      deliveryEnabled: true,
      planEnabled: true,
      authToken: expect.stringMatching(/^[\w-]{32}$/),
    });
    expect(delivered?.headers['clockify-signature']).toBe(body['authToken']);
    expect((await api.call('GET', `/webhooks/${String(body['id'])}`)).body).toEqual(body);
  });

  it.each<[string, Record<string, unknown>, number, number]>([
    ['no name', { name: undefined }, 400, 501],
    ['a short name', { name: 'x' }, 400, 3000],
    ['a long name', { name: 'x'.repeat(31) }, 400, 3000],
    ['no url', { url: undefined }, 400, 3000],
    ['another scheme', { url: 'ftp://x.example' }, 400, 3000],
    ['an unknown event', { webhookEvent: 'TIME_ENTRY_BATCH_DELETED' }, 400, 3000],
    ['an unknown kind of source', { triggerSourceType: 'CLIENT_ID' }, 400, 3000],
    ['no sources', { triggerSource: undefined }, 400, 3000],
    ['sources that are no text', { triggerSource: [1] }, 400, 3000],
  ])('is refused with %s', async (_fault, changes, status, code) => {
    expect(await api.call('POST', '/webhooks', { ...api.sound(), ...changes })).toMatchObject({
      status,
      body: { code },
    });
    expect(await api.listed()).toHaveLength(1);
  });

  it('is refused without an object', async () => {
    expect(await api.call('POST', '/webhooks', [])).toMatchObject({ status: 400, body: { code: 3000 } });
    expect(await api.call('POST', '/webhooks')).toMatchObject({ status: 400, body: { code: 3002 } });
  });

  it('may be the twin of another', async () => {
    const [one, other] = [await api.create(), await api.create()];

    expect(one.id).not.toBe(other.id);
    expect(await api.listed()).toHaveLength(3);
  });
});

describe('caps', () => {
  it.each([
    ['FREE', 3],
    ['BASIC', 10],
    ['PRO', 10],
  ])('%s: %i of one user', async (plan, cap) => {
    const other = await startWebhookApi(plan);
    const post = async () => {
      const { status, body } = await other.call('POST', '/webhooks', other.sound());
      return [status, body['code']];
    };

    for (let made = 0; made < cap; made += 1) expect(await post()).toEqual([201, undefined]);
    expect(await post()).toEqual([400, 4033]);
    await other.close();
  });

  it('can be set, and freed by a deletion', async () => {
    api.simulator.setWebhooks(api.workspaceId, { cap: 1 });
    const { id } = await api.create();

    expect(await api.call('POST', '/webhooks', api.sound())).toMatchObject({ status: 400, body: { code: 4033 } });
    expect(await api.call('DELETE', `/webhooks/${id}`)).toEqual({ status: 200, body: null });
    expect((await api.call('POST', '/webhooks', api.sound())).status).toBe(201);
  });
});
