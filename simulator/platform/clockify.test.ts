import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt, importSPKI, jwtVerify } from 'jose';
import { createSimulator, type Simulator } from '../simulator.ts';
import { startReceivingAddon, type ReceivingAddon } from '../test-support/receiving-addon.ts';

let simulator: Simulator;
let addon: ReceivingAddon;

beforeEach(async () => {
  simulator = await createSimulator({ profile: 'XS' });
  addon = await startReceivingAddon();
});
afterEach(() => Promise.all([simulator.close(), addon.close()]));

async function verify(token: unknown) {
  const key = await importSPKI(simulator.publicKeyPem, 'RS256');
  return (await jwtVerify(String(token), key, { algorithms: ['RS256'], issuer: 'clockify' })).payload;
}

async function lastCall() {
  const call = addon.received.at(-1);
  return { ...call, claims: await verify(call?.headers['x-addon-lifecycle-token']) };
}

const statusOf = async (workspaceId: string, token: string) => {
  const response = await fetch(`${simulator.url}/api/v1/workspaces/${workspaceId}`, {
    headers: { 'x-addon-token': token },
  });
  return [response.status, ((await response.json()) as { code?: number }).code];
};

describe('installing', () => {
  it('posts the documented body, signed', async () => {
    const install = await simulator.install(addon.manifestUrl);
    const { method, path, body, claims } = await lastCall();

    expect([method, path, install.status]).toEqual(['POST', '/lifecycle/installed', 204]);
    expect(body).toEqual({
      addonId: install.addonId,
      workspaceId: install.workspaceId,
      authToken: install.installationToken,
      asUser: install.ownerId,
      apiUrl: `${simulator.url}/api`,
      addonUserId: install.addonUserId,
      webhooks: install.webhooks.map(({ path: declared, authToken }) => ({
        path: `/${declared}`,
        webhookType: 'ADDON',
        authToken,
      })),
    });
    expect(claims).toMatchObject({
      sub: 'receiving-addon',
      addonId: install.addonId,
      workspaceId: install.workspaceId,
    });
    expect(claims).not.toHaveProperty('workspaceRole');
  });

  it('makes a token of its own for each webhook', async () => {
    const { webhooks } = await simulator.install(addon.manifestUrl);
    const claims = await Promise.all(webhooks.map(({ authToken }) => verify(authToken)));

    expect(webhooks.map(({ event }) => event)).toEqual(['NEW_PROJECT', 'NEW_TASK']);
    expect(new Set(webhooks.map(({ authToken }) => authToken)).size).toBe(2);
    expect(claims[0]).not.toHaveProperty('exp');
  });

  it('gives a token that works and names the hosts', async () => {
    const { workspaceId, installationToken } = await simulator.install(addon.manifestUrl);

    expect(await statusOf(workspaceId, installationToken)).toEqual([200, undefined]);
    expect(decodeJwt(installationToken)).toMatchObject({
      backendUrl: `${simulator.url}/api`,
      reportsUrl: `${simulator.url}/report`,
    });
  });

  it('refuses a manifest against the rules, with the reason', async () => {
    const wrong = await startReceivingAddon({ name: '' });

    await expect(simulator.install(wrong.manifestUrl)).rejects.toThrow(/name must have/);
    expect(wrong.received).toEqual([]);
    await wrong.close();
  });

  it('refuses a second install of the same add-on', async () => {
    const { workspaceId } = await simulator.install(addon.manifestUrl);

    await expect(simulator.install(addon.manifestUrl, { workspaceId })).rejects.toThrow(/already installed/);
  });

  it('reports the answer of the add-on, or that none came', async () => {
    const failing = await startReceivingAddon({ key: 'failing' }, 500);
    const gone = await startReceivingAddon({ key: 'gone', baseUrl: 'http://127.0.0.1:1' });

    expect((await simulator.install(failing.manifestUrl, { seed: 2 })).status).toBe(500);
    expect((await simulator.install(gone.manifestUrl, { seed: 3 })).status).toBeNull();
    await Promise.all([failing.close(), gone.close()]);
  });

  it('reinstalls on the same data with another id and other tokens', async () => {
    const first = await simulator.install(addon.manifestUrl);
    await simulator.uninstall(first.workspaceId);
    const second = await simulator.install(addon.manifestUrl, { workspaceId: first.workspaceId });

    expect(second.workspaceId).toBe(first.workspaceId);
    expect(second.addonId).not.toBe(first.addonId);
    expect(await statusOf(first.workspaceId, first.installationToken)).toEqual([401, 4017]);
    expect(await statusOf(first.workspaceId, second.installationToken)).toEqual([200, undefined]);
  });
});

describe('uninstalling', () => {
  it('posts DELETED and kills every token', async () => {
    const install = await simulator.install(addon.manifestUrl);
    const { token } = simulator.userToken(install.workspaceId);
    const result = await simulator.uninstall(install.workspaceId);
    const { path, body } = await lastCall();

    expect([path, result.status]).toEqual(['/lifecycle/deleted', 204]);
    expect(body).toEqual({ addonId: install.addonId, workspaceId: install.workspaceId, asUser: install.ownerId });
    expect(await statusOf(install.workspaceId, install.installationToken)).toEqual([401, 4017]);
    expect(await statusOf(install.workspaceId, token)).toEqual([401, 4017]);
  });

  it('can be forged: the tokens live on', async () => {
    const { workspaceId, installationToken } = await simulator.install(addon.manifestUrl);
    await simulator.uninstall(workspaceId, { forged: true });

    expect(addon.received.at(-1)?.path).toBe('/lifecycle/deleted');
    expect(await statusOf(workspaceId, installationToken)).toEqual([200, undefined]);
  });

  it('can be lost: the tokens die unannounced', async () => {
    const { workspaceId, installationToken } = await simulator.install(addon.manifestUrl);
    await simulator.uninstall(workspaceId, { deliver: false });

    expect(addon.received).toHaveLength(1);
    expect(await statusOf(workspaceId, installationToken)).toEqual([401, 4017]);
  });

  it('can come late, for an earlier installation', async () => {
    const first = await simulator.install(addon.manifestUrl);
    await simulator.uninstall(first.workspaceId, { deliver: false });
    const second = await simulator.install(addon.manifestUrl, { workspaceId: first.workspaceId });
    await simulator.uninstall(first.workspaceId, { addonId: first.addonId });

    expect(addon.received.at(-1)?.body['addonId']).toBe(first.addonId);
    expect(await statusOf(first.workspaceId, second.installationToken)).toEqual([200, undefined]);
  });
});

describe('status and settings', () => {
  it('posts STATUS_CHANGED, and an inactive add-on has no access, yet no dead token', async () => {
    const { workspaceId, addonId, installationToken } = await simulator.install(addon.manifestUrl);
    await simulator.setStatus(workspaceId, 'INACTIVE');

    expect((await lastCall()).body).toEqual({ addonId, workspaceId, status: 'INACTIVE' });
    expect(await statusOf(workspaceId, installationToken)).toEqual([401, undefined]);
    await simulator.setStatus(workspaceId, 'ACTIVE');
    expect(await statusOf(workspaceId, installationToken)).toEqual([200, undefined]);
  });

  it('posts all settings as a flat list and shows them in their tabs', async () => {
    const { workspaceId, addonId, installationToken } = await simulator.install(addon.manifestUrl);
    await simulator.changeSettings(workspaceId, [{ id: 'size', value: 50 }]);
    const url = `${simulator.url}/api/addon/workspaces/${workspaceId}/settings`;
    const headers = { 'x-addon-token': installationToken };
    const readSize = async (init: RequestInit) => {
      const body = (await (await fetch(url, { headers, ...init })).json()) as {
        tabs: { settings: { value: unknown }[] }[];
      };
      return body.tabs[0]?.settings[0]?.value;
    };

    expect((await lastCall()).body).toEqual({
      addonId,
      workspaceId,
      settings: [{ id: 'size', name: 'Size', value: 50 }],
    });
    expect(await readSize({})).toBe(50);
    expect(await readSize({ method: 'PATCH', body: '[{"id":"size","value":75}]' })).toBe(75);
    expect((await fetch(url, { headers, method: 'PATCH', body: '[{"id":"size","value":"x"}]' })).status).toBe(400);
    expect((await fetch(url, { headers, method: 'PATCH', body: '{' })).status).toBe(400);
    expect(await readSize({})).toBe(75);
  });

  it('refuses a setting the manifest does not declare', async () => {
    const { workspaceId } = await simulator.install(addon.manifestUrl);

    expect(() => simulator.changeSettings(workspaceId, [{ id: 'colour', value: 'red' }])).toThrow();
  });
});

describe('user tokens', () => {
  it('name the viewer and come with the address of the sidebar', async () => {
    const { workspaceId, ownerId } = await simulator.install(addon.manifestUrl);
    const { token, userId, sidebarUrl } = simulator.userToken(workspaceId);

    expect(await verify(token)).toMatchObject({ user: ownerId, workspaceRole: 'OWNER' });
    expect(userId).toBe(ownerId);
    expect(sidebarUrl).toBe(`${addon.manifest.baseUrl}/ui?tab=1&auth_token=${token}`);
  });

  it('are exchanged for the installation token, and for nothing else', async () => {
    const { workspaceId, ownerId, installationToken } = await simulator.install(addon.manifestUrl);
    const exchange = (userId: string, token: string) =>
      fetch(`${simulator.url}/api/addon/user/${userId}/token`, { method: 'POST', headers: { 'x-addon-token': token } });

    const token = await (await exchange(ownerId, installationToken)).text();

    expect(await verify(token)).toMatchObject({ user: ownerId, workspaceId });
    expect((await exchange('nobody', installationToken)).status).toBe(400);
    expect((await exchange(ownerId, token)).status).toBe(401);
  });

  it('are not made for a role nobody has', async () => {
    const { workspaceId } = await simulator.install(addon.manifestUrl);

    expect(() => simulator.userToken(workspaceId, { role: 'TEAM_MANAGER' })).toThrow(/TEAM_MANAGER/);
  });
});
