import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { startWatched, type Watched } from '../test-support/watched.ts';
import type { Hook } from '../webhooks/hooks.ts';

let watched: Watched;
let open: Record<string, string>;

beforeEach(async () => {
  watched = await startWatched({
    events: ['NEW_TAG'],
    install: { plan: 'PRO', scopes: ['WORKSPACE_READ', 'WORKSPACE_WRITE'] },
  });
  watched.simulator.setWebhooks(watched.workspaceId, { open: true });
  open = { 'x-addon-token': watched.install.installationToken };
});
afterEach(() => watched.close());

const sound = () => ({
  name: 'Clients that change',
  url: `${watched.addon.manifest.baseUrl}/webhooks/CLIENT_UPDATED`,
  webhookEvent: 'CLIENT_UPDATED',
  triggerSource: [],
  triggerSourceType: 'WORKSPACE_ID',
});

async function call(method: string, path: string, body?: unknown, headers = open) {
  const response = await fetch(`${watched.simulator.url}/api/v1/workspaces/${watched.workspaceId}${path}`, {
    method,
    headers,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  return { status: response.status, body: (text === '' ? null : JSON.parse(text)) as Record<string, unknown> };
}

async function create(changes: Record<string, unknown> = {}): Promise<Hook> {
  const created = await call('POST', '/webhooks', { ...sound(), ...changes });
  return created.body as unknown as Hook;
}

async function listed(path = '/webhooks'): Promise<readonly Hook[]> {
  return (await call('GET', path)).body['webhooks'] as readonly Hook[];
}

const renameClient = async (index = 0) => {
  const client = watched.simulator.rows(watched.workspaceId, 'clients')[index];
  const update = [{ key: String(client?.['id']), fields: { name: `client ${Math.random()}` } }];
  watched.simulator.mutate(watched.workspaceId, { entity: 'clients', update });
  await watched.simulator.settleDeliveries(watched.workspaceId);
  return String(client?.['id']);
};

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
    watched.simulator.setWebhooks(watched.workspaceId, { open: false });

    expect(await call(method, path)).toEqual({ status: 401, body: { message: 'API is not accessible' } });
  });

  it('needs a scope to write, even when it is open', async () => {
    const poor = await startWatched({ events: ['NEW_TAG'], install: { scopes: ['WORKSPACE_READ'] } });
    poor.simulator.setWebhooks(poor.workspaceId, { open: true });
    const response = await fetch(`${poor.simulator.url}/api/v1/workspaces/${poor.workspaceId}/webhooks`, {
      method: 'POST',
      headers: { 'x-addon-token': poor.install.installationToken },
      body: JSON.stringify(sound()),
    });

    expect([response.status, await response.json()]).toEqual([401, { message: 'Missing permission: WORKSPACE_WRITE' }]);
    await poor.close();
  });

  it('is open to the key of an admin, and his webhook outlives the add-on', async () => {
    watched.simulator.setWebhooks(watched.workspaceId, { open: false });
    const headers = { 'x-api-key': watched.simulator.issueApiKey(watched.workspaceId).apiKey };
    const created = await call('POST', '/webhooks', sound(), headers);
    await watched.simulator.uninstall(watched.workspaceId);
    await renameClient();

    expect([created.status, created.body['userId']]).toEqual([201, watched.install.ownerId]);
    expect(watched.events()).toEqual(['CLIENT_UPDATED']);
  });
});

describe('a new webhook', () => {
  it('is answered whole, with an opaque token that signs its deliveries', async () => {
    const { status, body } = await call('POST', '/webhooks', sound());
    await renameClient();
    const [delivered] = watched.addon.webhooks();

    expect(status).toBe(201);
    expect(body).toEqual({
      ...sound(),
      id: expect.stringMatching(/^[\da-f]{24}$/),
      userId: watched.install.ownerId,
      workspaceId: watched.workspaceId,
      enabled: true,
      deliveryEnabled: true,
      planEnabled: true,
      authToken: expect.stringMatching(/^[\w-]{32}$/),
    });
    expect(delivered?.headers['clockify-signature']).toBe(body['authToken']);
    expect((await call('GET', `/webhooks/${String(body['id'])}`)).body).toEqual(body);
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
    expect(await call('POST', '/webhooks', { ...sound(), ...changes })).toMatchObject({ status, body: { code } });
    expect(await listed()).toHaveLength(1);
  });

  it('is refused without an object', async () => {
    expect(await call('POST', '/webhooks', [])).toMatchObject({ status: 400, body: { code: 3000 } });
    expect(await call('POST', '/webhooks')).toMatchObject({ status: 400, body: { code: 3002 } });
  });

  it('may be the twin of another', async () => {
    const [one, other] = [await create(), await create()];

    expect(one.id).not.toBe(other.id);
    expect(await listed()).toHaveLength(3);
  });
});

describe('caps', () => {
  it.each([
    ['FREE', 3],
    ['BASIC', 10],
    ['PRO', 10],
  ])('%s: %i of one user', async (plan, cap) => {
    const other = await startWatched({ events: ['NEW_TAG'], install: { plan, scopes: ['WORKSPACE_WRITE'] } });
    other.simulator.setWebhooks(other.workspaceId, { open: true });
    const post = async () => {
      const response = await fetch(`${other.simulator.url}/api/v1/workspaces/${other.workspaceId}/webhooks`, {
        method: 'POST',
        headers: { 'x-addon-token': other.install.installationToken },
        body: JSON.stringify(sound()),
      });
      return [response.status, ((await response.json()) as { code?: number }).code];
    };

    for (let made = 0; made < cap; made += 1) expect(await post()).toEqual([201, undefined]);
    expect(await post()).toEqual([400, 4033]);
    await other.close();
  });

  it('can be set, and freed by a deletion', async () => {
    watched.simulator.setWebhooks(watched.workspaceId, { cap: 1 });
    const { id } = await create();

    expect(await call('POST', '/webhooks', sound())).toMatchObject({ status: 400, body: { code: 4033 } });
    expect(await call('DELETE', `/webhooks/${id}`)).toEqual({ status: 200, body: null });
    expect((await call('POST', '/webhooks', sound())).status).toBe(201);
  });
});

describe('a webhook that exists', () => {
  it('is replaced: event, address and sources, not its token', async () => {
    const { id, authToken } = await create();
    const client = watched.simulator.rows(watched.workspaceId, 'tags')[0]?.['id'];
    const body = {
      ...sound(),
      name: undefined,
      webhookEvent: 'TAG_UPDATED',
      triggerSourceType: 'TAG_ID',
      triggerSource: [client],
    };
    const replaced = await call('PUT', `/webhooks/${id}`, body);

    expect(replaced).toMatchObject({
      status: 200,
      body: { name: sound().name, webhookEvent: 'TAG_UPDATED', authToken },
    });
    await renameClient();
    expect(watched.events()).toEqual([]);
  });

  it('loses its old token at once', async () => {
    const { id, authToken } = await create();
    const { status, body } = await call('PATCH', `/webhooks/${id}/token`);
    await renameClient();

    expect(status).toBe(200);
    expect(body['authToken']).not.toBe(authToken);
    expect(watched.addon.webhooks()[0]?.headers['clockify-signature']).toBe(body['authToken']);
  });

  it('hears nothing once it is deleted, and is unknown', async () => {
    const { id } = await create();
    await call('DELETE', `/webhooks/${id}`);
    await renameClient();

    expect(watched.events()).toEqual([]);
    expect(await call('GET', `/webhooks/${id}`)).toMatchObject({ status: 400, body: { code: 501 } });
  });

  it.each([
    ['WORKSPACE_ID', () => [watched.workspaceId], true],
    ['WORKSPACE_ID', () => ['000000000000000000000000'], false],
    ['PROJECT_ID', () => ['000000000000000000000000'], false],
  ])('limited to %s hears of its sources alone', async (triggerSourceType, triggerSource, hears) => {
    await create({ triggerSourceType, triggerSource: triggerSource() });
    await renameClient();

    expect(watched.events()).toEqual(hears ? ['CLIENT_UPDATED'] : []);
  });

  it.each(['enabled', 'deliveryEnabled', 'planEnabled'] as const)('fires nothing while %s is off', async (name) => {
    const { id } = await create();
    const { simulator, workspaceId } = watched;
    const declared = watched.hookId('NEW_TAG');
    for (const hookId of [id, declared]) simulator.setHook(workspaceId, hookId, { [name]: false });
    await renameClient();
    simulator.mutate(workspaceId, { entity: 'tags', insert: 1 });
    await simulator.settleDeliveries(workspaceId);

    expect(watched.events()).toEqual([]);
    expect((await listed()).map((hook) => hook[name])).toEqual([false, false]);
    simulator.setHook(workspaceId, declared, { [name]: true });
    simulator.mutate(workspaceId, { entity: 'tags', insert: 1 });
    await simulator.settleDeliveries(workspaceId);
    expect(watched.events()).toEqual(['NEW_TAG']);
  });

  it.each([
    ['PUT', ''],
    ['DELETE', ''],
    ['PATCH', '/token'],
  ])('of a manifest cannot be changed: %s', async (method, tail) => {
    const path = `/webhooks/${watched.hookId('NEW_TAG')}${tail}`;

    expect(await call(method, path, sound())).toMatchObject({ status: 400, body: { code: 501 } });
    expect(await listed()).toHaveLength(1);
  });

  it('of a member is out of reach for an add-on', async () => {
    const headers = { 'x-api-key': watched.simulator.issueApiKey(watched.workspaceId).apiKey };
    const { body } = await call('POST', '/webhooks', sound(), headers);

    expect(await call('DELETE', `/webhooks/${String(body['id'])}`)).toMatchObject({ status: 400, body: { code: 501 } });
    expect(await listed('/webhooks?type=USER_CREATED')).toHaveLength(1);
    expect(await listed('/webhooks?type=ADDON')).toHaveLength(1);
    expect(await listed('/webhooks?type=SYSTEM')).toEqual([]);
  });

  it('of an add-on is listed with it and goes with it', async () => {
    await create();
    const { addonId } = watched.install;
    expect(await listed(`/addons/${addonId}/webhooks`)).toHaveLength(2);

    await watched.simulator.uninstall(watched.workspaceId);
    expect(watched.simulator.hooks(watched.workspaceId)).toEqual([]);
  });
});

describe('the log', () => {
  const logOf = async (id: string, body: unknown = {}, query = '') =>
    (await call('POST', `/webhooks/${id}/logs${query}`, body)).body as unknown as Record<string, unknown>[];

  it('has a row for each attempt, with one id for all attempts of a delivery', async () => {
    const { id } = await create({ url: 'http://127.0.0.1:1/webhooks' });
    const clientId = await renameClient();
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
    const { id } = await create();
    for (let index = 0; index < 3; index += 1) await renameClient(index);
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
    expect((await call('GET', `/webhooks/${watched.hookId('NEW_TAG')}/logs`)).status).toBe(405);
  });
});
