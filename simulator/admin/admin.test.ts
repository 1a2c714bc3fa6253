import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { decodeJwt } from 'jose';
import { createSimulator, type Simulator } from '../simulator.ts';
import { startReceivingAddon, type ReceivingAddon } from '../test-support/receiving-addon.ts';

let simulator: Simulator;
let addon: ReceivingAddon;
let workspaceId: string;

beforeEach(async () => {
  simulator = await createSimulator({ profile: 'XS' });
  addon = await startReceivingAddon();
  const installed = (await send('POST', 'workspaces/install', { manifestUrl: addon.manifestUrl })) as Answer;
  workspaceId = String(installed.body['workspaceId']);
});
afterEach(() => Promise.all([simulator.close(), addon.close()]));

interface Answer {
  readonly status: number;
  readonly body: Record<string, unknown>;
}

async function send(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${simulator.url}/__simulator/${path}`, {
    method,
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

const onWorkspace = (method: string, path: string, body?: unknown) =>
  send(method, `workspaces/${workspaceId}/${path}`, body);

describe('the admin API', () => {
  it('installs, and tells what the add-on answered', () => {
    expect(addon.received.map(({ path }) => path)).toEqual(['/lifecycle/installed']);
  });

  it('tells that it is up, and its public key', async () => {
    const key = await fetch(`${simulator.url}/__simulator/public-key`);

    expect(await send('GET', 'health')).toMatchObject({ status: 200, body: { status: 'ok' } });
    expect(await key.text()).toBe(simulator.publicKeyPem);
  });

  it.each([
    ['status', { status: 'INACTIVE' }, '/lifecycle/status'],
    ['settings', [{ id: 'size', value: 10 }], '/lifecycle/settings'],
    ['uninstall', {}, '/lifecycle/deleted'],
  ])('passes on %s', async (path, body, received) => {
    expect((await onWorkspace('POST', path, body)).body).toMatchObject({ status: 204 });
    expect(addon.received.at(-1)?.path).toBe(received);
  });

  it('hands out user tokens and tokens of any kind', async () => {
    const user = await onWorkspace('POST', 'user-token', { role: 'OWNER' });
    const wrong = await onWorkspace('POST', 'token', { kind: 'lifecycle', claims: { exp: 1 } });

    expect(user.body).toHaveProperty('sidebarUrl');
    expect(decodeJwt(String(wrong.body['token'])).exp).toBe(1);
  });

  it('arms, lists and clears faults', async () => {
    const { body } = await onWorkspace('POST', 'faults', { kind: 'status', status: 503 });
    await onWorkspace('POST', 'faults', { kind: 'page-ignored' });

    expect(await onWorkspace('GET', 'faults')).toMatchObject({ body: [{ id: body['id'] }, {}] });
    expect((await onWorkspace('DELETE', `faults/${String(body['id'])}`)).body).toEqual({ cleared: 1 });
    expect((await onWorkspace('DELETE', 'faults')).body).toEqual({ cleared: 1 });
  });

  it('changes limits and roles', async () => {
    const limits = await onWorkspace('POST', 'limits', { perHour: null, retryAfter: true });
    const role = await onWorkspace('POST', 'role', { userId: simulator.world(workspaceId).ownerId, role: 'MEMBER' });

    expect(limits.body).toEqual({ perSecond: 50, perHour: null, retryAfter: true });
    expect(role.status).toBe(200);
  });

  it('changes rows, and the truth follows', async () => {
    const truth = async () => (await onWorkspace('GET', 'truth')).body['tags'] as { count: number; hash: string };
    const before = await truth();
    const { body } = await onWorkspace('POST', 'mutate', { entity: 'tags', insert: 2 });
    const after = await truth();
    const rows = (await onWorkspace('GET', 'truth/tags')).body as unknown as { id: string }[];

    expect(after.count).toBe(before.count + 2);
    expect(after.hash).not.toBe(before.hash);
    expect(rows.map(({ id }) => id)).toEqual(expect.arrayContaining(body['inserted'] as string[]));
  });

  it('sums up the ledger and forgets it', async () => {
    await fetch(`${simulator.url}/api/v1/nowhere`);

    expect((await send('GET', 'ledger')).body).toMatchObject({ undeclared: ['GET /api/v1/nowhere'] });
    expect((await onWorkspace('GET', 'ledger')).body).toMatchObject({ requests: 0 });
    expect((await onWorkspace('GET', 'requests')).body).toEqual([]);
    await send('POST', 'ledger/reset');
    expect((await send('GET', 'ledger')).body).toMatchObject({ requests: 0 });
  });

  it.each([
    ['GET', 'nowhere', 404],
    ['GET', 'workspaces/unknown/truth', 400],
    ['POST', 'workspaces/unknown/faults', 400],
  ])('%s %s is %i', async (method, path, status) => {
    expect((await send(method, path)).status).toBe(status);
  });

  it('refuses a body that is not JSON', async () => {
    const response = await fetch(`${simulator.url}/__simulator/workspaces/install`, { method: 'POST', body: '{' });

    expect(response.status).toBe(400);
  });
});
