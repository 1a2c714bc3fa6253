import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import { startTestApi } from '../../../test/support/api.ts';
import type { TestApi } from '../../../test/support/api.ts';
import { installWithWebhooks, mintWebhookTokens } from '../../../test/support/deliveries.ts';
import { saveGone, saveSeen } from '../../db/observations.ts';
import type { EntityType } from '../../domain/entities.ts';
import type { EntityHistory } from '../../domain/entity-history.ts';

const owner = { workspaceId: 'a'.repeat(24), addonId: 'b'.repeat(24) };
const elsewhere = { workspaceId: 'e'.repeat(24), addonId: 'f'.repeat(24) };
const composite = 'user/1 ü:user?2%#&';

let api: TestApi;
let observations = 0;

beforeAll(async () => {
  api = await startTestApi();
  for (const ref of [owner, elsewhere]) await installWithWebhooks(api, ref, mintWebhookTokens(api, ref));
});
afterAll(() => api.stop());
beforeEach(() => api.rows('truncate workspace_data, entity_versions'));

const observe = (entity: EntityType) => ({
  workspaceId: owner.workspaceId,
  entity,
  observedAt: new Date(Date.UTC(2026, 10, 1, 0, 0, (observations += 1))).toISOString(),
  source: 'event' as const,
});
const see = (payload: object, id = 'tag-1', entity: EntityType = 'tags') =>
  saveSeen(api.orm, observe(entity), [{ id, parent: null, payload, hash: JSON.stringify(payload) }]);

const ask = (address: string, token = api.mint.user(owner)) =>
  api.send(`/ui/entities${address}`, { headers: token === '' ? {} : { 'X-Addon-Token': token } });
const historyOf = async (address: string) => JSON.parse((await ask(address)).text) as EntityHistory;
const notFound = [404, expect.objectContaining({ error: 'not_found' })];

describe('an entity', () => {
  it('is shown as the mirror holds it, with its versions and what changed, but not with what it held', async () => {
    await see({ name: 'Secret project', archived: false });
    await see({ name: 'Other project', archived: false });
    await saveGone(api.orm, observe('tags'), ['tag-1']);
    const answer = await ask('/tags/tag-1');
    const history = answer.json() as unknown as EntityHistory;
    const [gone, renamed, first] = history.versions;
    expect([answer.status, history]).toEqual([
      200,
      {
        kind: 'tags',
        id: 'tag-1',
        parentId: null,
        version: 3,
        isDeleted: true,
        source: 'event',
        observedAt: expect.stringMatching(/^2026-11-01T00:00:\d\d\.000000Z$/),
        changedAt: gone?.from,
        versions: [
          { version: 3, source: 'event', isDeleted: true, from: renamed?.to, to: null, changed: [] },
          { version: 2, source: 'event', isDeleted: false, from: first?.to, to: gone?.from, changed: ['name'] },
          { version: 1, source: 'event', isDeleted: false, from: first?.from, to: renamed?.from, changed: null },
        ],
        next: null,
      },
    ]);
    expect(answer.text).not.toContain('project');
    expect(answer.headers['cache-control']).toBe('no-store');
  });

  it('is shown with what it held in each version', async () => {
    await see({ name: 'A', rate: { amount: 1.5 } });
    await see({ name: '<script>alert(1)</script>', note: null });
    expect((await ask('/tags/tag-1/versions/1')).json()).toEqual({
      version: 1,
      payload: { name: 'A', rate: { amount: 1.5 } },
    });
    expect((await ask('/tags/tag-1/versions/2')).json()).toEqual({
      version: 2,
      payload: { name: '<script>alert(1)</script>', note: null },
    });
  });

  it('is found by an id of several parts, whatever its characters', async () => {
    await see({ id: 'user-2' }, composite, 'user_managers');
    const address = `/user_managers/${encodeURIComponent(composite)}`;
    expect(await historyOf(address)).toMatchObject({ kind: 'user_managers', id: composite, version: 1 });
    expect((await ask(`${address}/versions/1`)).json()).toEqual({ version: 1, payload: { id: 'user-2' } });
  });

  it('of another workspace is not found, nor are its versions', async () => {
    await see({ name: 'A' });
    for (const address of ['/tags/tag-1', '/tags/tag-1/versions/1']) {
      expect((await ask(address)).status).toBe(200);
      const answer = await ask(address, api.mint.user(elsewhere));
      expect([answer.status, answer.json()]).toEqual(notFound);
    }
  });

  const strange = ['%00', '%0A', '%ZZ', '%2E%2E', 'x'.repeat(201), `'%20or%20'1'='1`, '%25'];
  it.each([
    '/tags/tag-2',
    '/Tags/tag-1',
    '/nothing/tag-1',
    '/workspace_data/tag-1',
    '/__proto__/tag-1',
    '/users/tag-1',
    ...strange.flatMap((text) => [`/tags/${text}`, `/${text}/tag-1`]),
  ])('is not found at %s', async (address) => {
    await see({ name: 'A' });
    for (const tail of ['', '/versions/1']) {
      const answer = await ask(address + tail);
      expect([answer.status, answer.json()]).toEqual(notFound);
    }
  });

  it.each(['0', '2', '01', '-1', '1.0', '1e0', 'x', '9'.repeat(9), '9'.repeat(10), '2147483648'])(
    'has no version %s',
    async (version) => {
      await see({ name: 'A' });
      const answer = await ask(`/tags/tag-1/versions/${version}`);
      expect([answer.status, answer.json()]).toEqual(notFound);
    },
  );
});

describe('the versions', () => {
  it('come page by page until the first one, fifty at most', async () => {
    for (let n = 1; n <= 53; n += 1) await see({ name: `name ${n}` });
    const newest = await historyOf('/tags/tag-1');
    expect([newest.versions.length, newest.versions[0]?.version, newest.next]).toEqual([50, 53, '4']);
    const middle = await historyOf(`/tags/tag-1?limit=2&cursor=${newest.next}`);
    expect(middle.versions.map(({ version, changed }) => [version, changed])).toEqual([
      [3, ['name']],
      [2, ['name']],
    ]);
    const oldest = await historyOf(`/tags/tag-1?limit=2&cursor=${middle.next}`);
    expect([oldest.version, oldest.versions.map(({ version }) => version), oldest.next]).toEqual([53, [1], null]);
  });

  it('before the first one are none', async () => {
    await see({ name: 'A' });
    expect(await historyOf('/tags/tag-1?cursor=1')).toMatchObject({ version: 1, versions: [], next: null });
  });

  it.each([
    'limit=0',
    'limit=51',
    'limit=1.5',
    'limit=',
    'cursor=0',
    'cursor=',
    'cursor=x',
    'cursor=1&cursor=2',
    'at=1',
  ])('are not asked for with %s', async (query) => {
    await see({ name: 'A' });
    const answer = await ask(`/tags/tag-1?${query}`);
    expect([answer.status, answer.json()]).toEqual([422, expect.objectContaining({ error: 'validation_failed' })]);
  });
});

describe.each(['/tags/tag-1', '/tags/tag-1/versions/1', '/nothing/tag-1'])('GET /ui/entities%s', (address) => {
  beforeEach(() => see({ name: 'A' }));

  it.each<[string, () => string, number]>([
    ['no token', () => '', 401],
    ['the token of a member', () => api.mint.user(owner, { workspaceRole: 'MEMBER' }), 403],
    ['an installation token', () => api.mint.installation(owner), 401],
    ['a lifecycle token', () => api.mint.lifecycle(owner), 401],
    ['a webhook token', () => api.mint.webhook(owner), 401],
    ['an add-on that is not installed', () => api.mint.user({ ...owner, addonId: 'd'.repeat(24) }), 403],
  ])('refuses %s', async (_, token, status) => {
    expect((await ask(address, token())).status).toBe(status);
  });

  it('takes no token in the address', async () => {
    const path = `/ui/entities${address}?auth_token=${api.mint.user(owner)}`;
    expect((await api.send(path)).status).toBe(401);
  });
});

test('an entity cannot be changed here', async () => {
  const headers = { 'X-Addon-Token': api.mint.user(owner) };
  for (const method of ['POST', 'PUT', 'DELETE'])
    expect((await api.send('/ui/entities/tags/tag-1', { method, headers })).status).toBe(405);
});
