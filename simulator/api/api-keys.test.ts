import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { findMember } from '../platform/members.ts';
import { startInstalled, type Installed } from '../test-support/installed.ts';

let installed: Installed;
let workspaceId: string;
let apiKey: string;

beforeAll(async () => {
  installed = await startInstalled({ profile: 'S', seed: 7 });
  ({ workspaceId } = installed.install);
  ({ apiKey } = installed.simulator.issueApiKey(workspaceId));
});
afterAll(() => installed.close());
beforeEach(() => installed.simulator.resetLedger());

const call = (path: string, key = apiKey, more: Record<string, string> = {}) =>
  fetch(`${installed.simulator.url}${path}`, { headers: { 'x-api-key': key, ...more } });
const below = (path: string, key = apiKey) => call(`/api/v1/workspaces/${workspaceId}${path}`, key);
const answerOf = async (response: Response) => {
  const text = await response.text();
  return [response.status, text === '' ? '' : (JSON.parse(text) as unknown)] as const;
};

/** A member without any role. */
const issueMemberKey = () => {
  const { simulator } = installed;
  const userId = findMember(simulator.world(workspaceId), 'MEMBER') ?? '';
  return simulator.issueApiKey(workspaceId, { userId });
};

describe('a key', () => {
  it('acts as its owner, and stands in the ledger as what it is', async () => {
    const [status, user] = await answerOf(await call('/api/v1/user'));

    expect([status, user]).toEqual([200, expect.objectContaining({ id: installed.install.ownerId })]);
    expect(installed.simulator.requests(workspaceId).map(({ tokenKind }) => tokenKind)).toEqual(['personal']);
  });

  it('reads what an add-on needs scopes for', async () => {
    const [status, tags] = await answerOf(await below('/tags?page-size=200'));

    expect([status, (tags as unknown[]).length]).toEqual([200, installed.simulator.rows(workspaceId, 'tags').length]);
  });

  it('has the rights of its member, and no more', async () => {
    const { apiKey: key, userId } = issueMemberKey();
    const { ownerId } = installed.install;

    expect((await below(`/user/${userId}/time-entries`, key)).status).toBe(200);
    expect((await below(`/user/${ownerId}/time-entries`, key)).status).toBe(403);
    expect((await below('/invoices', key)).status).toBe(403);
  });

  it('of a deactivated member is 403', async () => {
    const users = installed.simulator.rows(workspaceId, 'users');
    const isInactive = (user: unknown) => JSON.stringify(user).includes('"membershipStatus":"INACTIVE"');
    const { apiKey: key } = installed.simulator.issueApiKey(workspaceId, {
      userId: String(users.find(isInactive)?.['id']),
    });

    expect((await below('/tags', key)).status).toBe(403);
  });

  it('cannot be given to a stranger', () => {
    expect(() => installed.simulator.issueApiKey(workspaceId, { userId: 'x' })).toThrow('x is not on');
  });
});

describe('what is closed to add-ons', () => {
  it('tells a member the workspaces that the key opens', async () => {
    const other = installed.simulator.open({ profile: 'XS', seed: 4 });
    installed.simulator.open({ profile: 'XS', seed: 5 });
    const shared = installed.simulator.issueApiKey(workspaceId).apiKey;
    installed.simulator.issueApiKey(other.workspaceId, { apiKey: shared });
    const [status, workspaces] = await answerOf(await call('/api/v1/workspaces', shared));

    expect(status).toBe(200);
    expect((workspaces as { id: string }[]).map(({ id }) => id)).toEqual([workspaceId, other.workspaceId]);
    expect((await call(`/api/v1/workspaces/${other.workspaceId}/tags`, shared)).status).toBe(200);
  });

  it('tells an admin the webhooks, one by one, of one add-on or of all', async () => {
    const { webhooks, addonId } = installed.install;
    const [status, all] = await answerOf(await below('/webhooks'));
    const [first] = (all as { webhooks: { id: string }[] }).webhooks;

    expect([status, all]).toEqual([200, expect.objectContaining({ workspaceWebhookCount: webhooks.length })]);
    expect(await answerOf(await below(`/addons/${addonId}/webhooks`))).toEqual([200, all]);
    expect(await answerOf(await below('/addons/other/webhooks'))).toEqual([
      200,
      { webhooks: [], workspaceWebhookCount: 0 },
    ]);
    expect(await answerOf(await below(`/webhooks/${first?.id}`))).toEqual([200, first]);
    expect(await answerOf(await below('/webhooks/w1'))).toEqual([400, expect.objectContaining({ code: 501 })]);
  });

  it('tells a plain member no webhooks', async () => {
    expect((await below('/webhooks', issueMemberKey().apiKey)).status).toBe(403);
  });
});

describe('a refusal', () => {
  it.each<[string, () => Promise<Response>, number]>([
    ['an unknown key', () => below('/tags', 'unknown'), 4003],
    ['a key beside an add-on token', () => call('/api/v1/user', apiKey, { 'x-addon-token': 'x' }), 1000],
    ['a key beside a Bearer token', () => call('/api/v1/user', apiKey, { authorization: `Bearer ${apiKey}` }), 1000],
    [
      'a key as Bearer token',
      () => fetch(`${installed.simulator.url}/api/v1/user`, { headers: { authorization: `Bearer ${apiKey}` } }),
      1000,
    ],
    ['a key where add-ons alone belong', () => call(`/api/addon/workspaces/${workspaceId}/settings`), 1000],
  ])('of %s is 401 with its code', async (_name, send, code) => {
    expect(await answerOf(await send())).toEqual([401, expect.objectContaining({ code })]);
  });

  it('of a workspace of others is 403, of an unknown one 404 without a body', async () => {
    const other = installed.simulator.open({ profile: 'XS', seed: 6 });

    expect((await call(`/api/v1/workspaces/${other.workspaceId}/tags`)).status).toBe(403);
    expect(await answerOf(await call('/api/v1/workspaces/000000000000000000000000/tags'))).toEqual([404, '']);
  });
});

describe('the limits', () => {
  it('count requests with a key, apart from those of the add-on', async () => {
    installed.simulator.setLimits(workspaceId, { perSecond: 2 });
    await Promise.all([below('/tags'), below('/tags')]);

    const refused = await below('/tags');
    const addon = await installed.get('/tags');
    installed.simulator.setLimits(workspaceId, { perSecond: null });

    expect([refused.status, addon.status]).toEqual([429, 200]);
  });

  it('of the hour count for the whole workspace', async () => {
    installed.simulator.setLimits(workspaceId, { perHour: 1_000 });
    await below('/tags');
    installed.simulator.setLimits(workspaceId, { perHour: 1 });

    const addon = await installed.get('/tags');
    installed.simulator.setLimits(workspaceId, { perHour: null });

    expect(addon.status).toBe(429);
  });
});
