import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { TokenKind } from '../platform/claims.ts';
import type { MintOptions } from '../platform/requests.ts';
import { everyFeature, startInstalled, type Installed } from '../test-support/installed.ts';

let installed: Installed;

beforeAll(async () => {
  installed = await startInstalled({ profile: 'S', seed: 7 });
});
afterAll(() => installed.close());
beforeEach(() => installed.simulator.resetLedger());

async function answerOf(response: Response) {
  const text = await response.text();
  return { status: response.status, body: text === '' ? '' : (JSON.parse(text) as { code?: number; message: string }) };
}

const get = async (path: string, headers?: Record<string, string>) => answerOf(await installed.get(path, headers));
const token = () => installed.install.installationToken;
const mint = (kind: TokenKind, options?: MintOptions) =>
  installed.simulator.mintToken(kind, installed.install.workspaceId, options);

describe('credentials', () => {
  it.each<[string, () => Record<string, string>, number]>([
    ['none', () => ({}), 1000],
    ['two', () => ({ 'x-addon-token': token(), 'x-api-key': 'key' }), 1000],
    ['a Bearer token', () => ({ authorization: `Bearer ${token()}` }), 1000],
    ['a marketplace token', () => ({ 'x-marketplace-token': 'x' }), 1000],
    ['an unknown API key', () => ({ 'x-api-key': 'key' }), 4003],
    ['no token at all in the header', () => ({ 'x-addon-token': 'nonsense' }), 4017],
    ['a webhook token', () => ({ 'x-addon-token': mint('webhook') }), 4017],
    ['a lifecycle token', () => ({ 'x-addon-token': mint('lifecycle') }), 4017],
    ['an expired token', () => ({ 'x-addon-token': mint('user', { claims: { exp: 1 } }) }), 4017],
    ['an unsigned token', () => ({ 'x-addon-token': mint('installation', { algorithm: 'none' }) }), 4017],
    ['a token signed with the public key', () => ({ 'x-addon-token': mint('user', { algorithm: 'HS256' }) }), 4017],
    ['a token for another add-on', () => ({ 'x-addon-token': mint('user', { claims: { sub: 'other' } }) }), 4017],
    ['a token of another installation', () => ({ 'x-addon-token': mint('user', { claims: { addonId: 'x' } }) }), 4017],
    ['a token of nobody', () => ({ 'x-addon-token': mint('user', { claims: { user: 'x' } }) }), 4017],
  ])('%s', async (_name, headers, code) => {
    expect(await get('/tags', headers())).toMatchObject({ status: 401, body: { code } });
  });

  it.each(['installation', 'user'] as const)('a faithful %s token opens the API', async (kind) => {
    expect(await get('/tags', { 'x-addon-token': mint(kind) })).toMatchObject({ status: 200 });
  });
});

describe('workspaces', () => {
  const at = (workspaceId: string) =>
    fetch(`${installed.simulator.url}/api/v1/workspaces/${workspaceId}/tags`, {
      headers: { 'x-addon-token': token() },
    });

  it('an unknown workspace is 404 without a body', async () => {
    expect(await answerOf(await at('000000000000000000000000'))).toEqual({ status: 404, body: '' });
  });

  it("another add-on's workspace refuses the token", async () => {
    const other = await installed.simulator.install(installed.addon.manifestUrl, { profile: 'XS', seed: 99 });

    expect(await answerOf(await at(other.workspaceId))).toMatchObject({ status: 401, body: { code: 4017 } });
  });
});

describe('paths and verbs', () => {
  it('an undeclared path is 404 code 3000 and stands in the ledger', async () => {
    const { status, body } = await get('/projects/p1/colour');

    expect([status, body]).toEqual([404, { code: 3000, message: expect.stringContaining('No static resource') }]);
    expect(installed.simulator.ledger().undeclared).toEqual([expect.stringMatching(/^GET .*\/projects\/p1\/colour$/)]);
  });

  it('a wrong verb is 405 with Allow', async () => {
    const response = await installed.get('/holidays/h1');

    expect(response.status).toBe(405);
    expect(response.headers.get('allow')?.split(',').toSorted()).toEqual(['DELETE', 'PUT']);
  });

  it('a documented write that is not simulated is 501 and stands in the ledger', async () => {
    const url = `${installed.simulator.url}/api/v1/workspaces/${installed.install.workspaceId}/tags`;
    const response = await fetch(url, { method: 'POST', headers: { 'x-addon-token': token() }, body: '{"name":"x"}' });

    expect(response.status).toBe(501);
    expect(installed.simulator.ledger().unserved).toHaveLength(1);
  });
});

describe('parameters', () => {
  it.each([
    ['/users', 'include-roles'],
    ['/scheduling/assignments/all?start=2026-01-01T00:00:00Z', 'end'],
    ['/holidays/in-period?start=2026-01-01&end=2026-02-01', 'assigned-to'],
    ['/entities/created', 'type'],
    ['/invoices/i1/export', 'userLocale'],
  ])('%s lacks %s: 400 code 3001', async (path, name) => {
    const { status, body } = await get(path);

    expect([status, body]).toEqual([400, { code: 3001, message: expect.stringContaining(name) }]);
  });

  it.each([
    '/tags?page=0',
    '/tags?page=one',
    '/tags?page-size=0',
    '/tags?page-size=5001',
    '/tags?archived=maybe',
    '/tags?sort-column=COLOUR',
    '/time-off/policies?page-size=201',
    '/time-off/policies?page=1001',
    '/time-entries/status/in-progress?page-size=1001',
    '/entities/created?type=PLANETS',
    '/entities/created?type=TAGS&start=yesterday',
  ])('%s is 400 code 3000', async (path) => {
    expect(await get(path)).toMatchObject({ status: 400, body: { code: 3000 } });
  });

  it('an unknown name is ignored', async () => {
    expect(await get('/tags?colour=red')).toEqual(await get('/tags'));
  });

  it('an unknown filter of shared reports is a server error', async () => {
    const url = `${installed.simulator.url}/report/v1/workspaces/${installed.install.workspaceId}/shared-reports`;

    const response = await fetch(`${url}?sharedReportsFilter=MINE`, { headers: { 'x-addon-token': token() } });

    expect(response.status).toBe(500);
  });
});

describe('ids', () => {
  it.each([
    '/projects/unknown/tasks',
    '/projects/unknown',
    '/clients/unknown',
    '/invoices/unknown/payments',
    '/time-off/balance/policy/unknown',
    '/user/unknown/time-entries',
    '/time-entries/unknown',
    '/member-profile/unknown',
  ])('%s is 400 code 501, not 404', async (path) => {
    const { status, body } = await get(path);

    expect([status, body]).toEqual([
      400,
      { code: 501, message: expect.stringContaining("doesn't belong to Workspace") },
    ]);
  });

  it('a task of another project does not belong either', async () => {
    const rows = installed.simulator.rows(installed.install.workspaceId, 'tasks');
    const foreign = rows.find((row) => row['projectId'] !== rows[0]?.['projectId']);

    const answer = await get(`/projects/${String(rows[0]?.['projectId'])}/tasks/${String(foreign?.['id'])}`);

    expect(answer).toMatchObject({ status: 400, body: { code: 501 } });
  });
});

describe('scopes, features and rights', () => {
  function installWith(options: { scopes?: string[]; features?: string[] }, seed: number) {
    return startInstalled({ profile: 'XS', seed, ...options });
  }

  it('a missing scope is 401 with the name of the permission and no code', async () => {
    const other = await installWith({ scopes: ['TAG_READ'] }, 3);

    expect((await other.get('/tags')).status).toBe(200);
    const { status, body } = await answerOf(await other.get('/clients'));
    expect([status, body]).toEqual([401, { message: expect.stringContaining('CLIENT_READ') }]);
    await other.close();
  });

  it.each([
    ['/expenses', 'EXPENSES'],
    ['/invoices', 'INVOICING'],
    ['/time-off/policies', 'TIME_OFF'],
    ['/approval-requests', 'APPROVAL'],
    ['/custom-fields', 'CUSTOM_FIELDS'],
    ['/scheduling/assignments/all?start=2026-01-01T00:00:00Z&end=2026-02-01T00:00:00Z', 'SCHEDULING'],
  ])('%s without %s is 403', async (path, feature) => {
    const other = await installWith({ features: everyFeature.filter((one) => one !== feature) }, 4);

    expect((await other.get(path)).status).toBe(403);
    await other.close();
  });

  it("a plain member sees his own time entries, and neither a colleague's nor invoices", async () => {
    const { simulator, install } = installed;
    const { token: member, userId } = simulator.userToken(install.workspaceId, { role: 'MEMBER' });
    const headers = { 'x-addon-token': member };

    expect((await get(`/user/${userId}/time-entries`, headers)).status).toBe(200);
    expect((await get(`/user/${install.ownerId}/time-entries`, headers)).status).toBe(403);
    expect((await get('/invoices', headers)).status).toBe(403);
  });

  it('a demotion shows in the list of users and in the next token', async () => {
    const { simulator, install } = installed;
    const { userId } = simulator.userToken(install.workspaceId, { role: 'WORKSPACE_ADMIN' });
    simulator.setRole(install.workspaceId, userId, 'MEMBER');
    const headers = { 'x-addon-token': mint('user', { userId }) };

    const response = await installed.get('/users?include-roles=true&status=ALL&page-size=200');
    const users = (await response.json()) as { id: string; roles: unknown[] }[];

    expect(users.find(({ id }) => id === userId)?.roles).toEqual([]);
    expect((await get('/invoices', headers)).status).toBe(403);
  });
});
