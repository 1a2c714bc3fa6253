import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startWatched } from '../test-support/watched.ts';
import { startWebhookApi, type WebhookApi } from '../test-support/webhook-api.ts';

let api: WebhookApi;

beforeEach(async () => {
  api = await startWebhookApi();
});
afterEach(() => api.close());

describe('a webhook that exists', () => {
  it('is replaced: event, address and sources, not its token', async () => {
    const { id, authToken } = await api.create();
    const client = api.simulator.rows(api.workspaceId, 'tags')[0]?.['id'];
    const body = {
      ...api.sound(),
      name: undefined,
      webhookEvent: 'TAG_UPDATED',
      triggerSourceType: 'TAG_ID',
      triggerSource: [client],
    };
    const replaced = await api.call('PUT', `/webhooks/${id}`, body);

    expect(replaced).toMatchObject({
      status: 200,
      body: { name: api.sound()['name'], webhookEvent: 'TAG_UPDATED', authToken },
    });
    await api.renameClient();
    expect(api.events()).toEqual([]);
  });

  it('loses its old token at once', async () => {
    const { id, authToken } = await api.create();
    const { status, body } = await api.call('PATCH', `/webhooks/${id}/token`);
    await api.renameClient();

    expect(status).toBe(200);
    expect(body['authToken']).not.toBe(authToken);
    expect(api.addon.webhooks()[0]?.headers['clockify-signature']).toBe(body['authToken']);
  });

  it('hears nothing once it is deleted, and is unknown', async () => {
    const { id } = await api.create();
    await api.call('DELETE', `/webhooks/${id}`);
    await api.renameClient();

    expect(api.events()).toEqual([]);
    expect(await api.call('GET', `/webhooks/${id}`)).toMatchObject({ status: 400, body: { code: 501 } });
  });

  it.each([
    ['WORKSPACE_ID', () => [api.workspaceId], true],
    ['WORKSPACE_ID', () => ['000000000000000000000000'], false],
    ['PROJECT_ID', () => ['000000000000000000000000'], false],
  ])('limited to %s hears of its sources alone', async (triggerSourceType, triggerSource, hears) => {
    await api.create({ triggerSourceType, triggerSource: triggerSource() });
    await api.renameClient();

    expect(api.events()).toEqual(hears ? ['CLIENT_UPDATED'] : []);
  });

  it.each(['enabled', 'deliveryEnabled', 'planEnabled'] as const)('fires nothing while %s is off', async (name) => {
    const { id } = await api.create();
    const { simulator, workspaceId } = api;
    const declared = api.hookId('NEW_TAG');
    for (const hookId of [id, declared]) simulator.setHook(workspaceId, hookId, { [name]: false });
    await api.renameClient();
    simulator.mutate(workspaceId, { entity: 'tags', insert: 1 });
    await simulator.settleDeliveries(workspaceId);

    expect(api.events()).toEqual([]);
    expect((await api.listed()).map((hook) => hook[name])).toEqual([false, false]);
    simulator.setHook(workspaceId, declared, { [name]: true });
    simulator.mutate(workspaceId, { entity: 'tags', insert: 1 });
    await simulator.settleDeliveries(workspaceId);
    expect(api.events()).toEqual(['NEW_TAG']);
  });

  it.each([
    ['PUT', ''],
    ['DELETE', ''],
    ['PATCH', '/token'],
  ])('of a manifest cannot be changed: %s', async (method, tail) => {
    const path = `/webhooks/${api.hookId('NEW_TAG')}${tail}`;

    expect(await api.call(method, path, api.sound())).toMatchObject({ status: 400, body: { code: 501 } });
    expect(await api.listed()).toHaveLength(1);
  });

  it('of a member is out of reach for an add-on', async () => {
    const headers = { 'x-api-key': api.simulator.issueApiKey(api.workspaceId).apiKey };
    const { body } = await api.call('POST', '/webhooks', api.sound(), headers);

    expect(await api.call('DELETE', `/webhooks/${String(body['id'])}`)).toMatchObject({
      status: 400,
      body: { code: 501 },
    });
    expect(await api.listed('/webhooks?type=USER_CREATED')).toHaveLength(1);
    expect(await api.listed('/webhooks?type=ADDON')).toHaveLength(1);
    expect(await api.listed('/webhooks?type=SYSTEM')).toEqual([]);
  });

  it('of an add-on is listed with it and goes with it', async () => {
    await api.create();
    const { addonId } = api.install;
    expect(await api.listed(`/addons/${addonId}/webhooks`)).toHaveLength(2);

    await api.simulator.uninstall(api.workspaceId);
    expect(api.simulator.hooks(api.workspaceId)).toEqual([]);
  });
});

describe('the log', () => {
  const logOf = async (id: string, body: unknown = {}, query = '') =>
    (await api.call('POST', `/webhooks/${id}/logs${query}`, body)).body as unknown as Record<string, unknown>[];

  it('has a row for each attempt, with one id for all attempts of a delivery', async () => {
    const { id } = await api.create({ url: 'http://127.0.0.1:1/webhooks' });
    const clientId = await api.renameClient();
    const rows = await logOf(id);

    expect(rows).toHaveLength(6);
    expect(rows[0]).toEqual({
      id: expect.any(String),
      webhookId: id,
      webhookEventStatusId: expect.any(String),
      statusCode: 0,
      requestBody: expect.stringContaining(clientId),
      responseBody: '',
      respondedAt: expect.any(String),
    });
    expect(new Set(rows.map((row) => row['webhookEventStatusId'])).size).toBe(1);
    expect(new Set(rows.map((row) => row['id'])).size).toBe(6);
  });

  it('is cut into pages from 0, newest first when asked, and filtered', async () => {
    const { id } = await api.create();
    for (let index = 0; index < 3; index += 1) await api.renameClient(index);
    const bodies = (rows: Record<string, unknown>[]) => rows.map((row) => row['requestBody']);
    const all = await logOf(id);

    expect(bodies(await logOf(id, {}, '?page=0&size=2'))).toEqual(bodies(all.slice(0, 2)));
    expect(bodies(await logOf(id, {}, '?page=1&size=2'))).toEqual(bodies(all.slice(2)));
    expect(bodies(await logOf(id, { sortByNewest: true }))).toEqual(bodies(all.toReversed()));
    expect(await logOf(id, { status: 'FAILED' })).toEqual([]);
    expect(await logOf(id, { status: 'SUCCEEDED' })).toHaveLength(3);
    expect(await logOf(id, { from: '2100-01-01T00:00:00Z' })).toEqual([]);
    expect(await logOf(id, { to: '2000-01-01T00:00:00Z' })).toEqual([]);
    expect(await logOf(id, { from: 'yesterday' })).toMatchObject({ code: 3000 });
  });

  it('forgets after seven days', async () => {
    let nowMs = Date.parse('2026-11-21T10:00:00Z');
    const other = await startWatched({
      events: ['NEW_TAG'],
      install: { scopes: ['WORKSPACE_READ'] },
      simulator: { now: () => nowMs },
    });
    other.simulator.setWebhooks(other.workspaceId, { open: true });
    other.simulator.mutate(other.workspaceId, { entity: 'tags', insert: 1 });
    await other.simulator.settleDeliveries(other.workspaceId);
    const read = async () => {
      const path = `/api/v1/workspaces/${other.workspaceId}/webhooks/${other.hookId('NEW_TAG')}/logs`;
      const headers = { 'x-addon-token': other.install.installationToken };
      return (await (await fetch(other.simulator.url + path, { method: 'POST', headers })).json()) as unknown[];
    };

    expect(await read()).toHaveLength(1);
    nowMs += 7 * 24 * 3_600_000 + 1;
    expect(await read()).toEqual([]);
    await other.close();
  });

  it('is read by POST alone', async () => {
    expect((await api.call('GET', `/webhooks/${api.hookId('NEW_TAG')}/logs`)).status).toBe(405);
  });
});
