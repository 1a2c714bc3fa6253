import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import { startTestApi } from '../../../test/support/api.ts';
import type { TestApi } from '../../../test/support/api.ts';
import { saveDiagnosis } from '../../db/diagnosis.ts';
import type { Diagnosis } from '../../domain/diagnosis.ts';
import { AddonError } from '../../domain/errors.ts';

const workspaceId = 'a'.repeat(24);
const owner = { workspaceId, addonId: 'b'.repeat(24) };
const elsewhere = { workspaceId: 'e'.repeat(24), addonId: 'f'.repeat(24) };
const diagnosis: Diagnosis = {
  checkedAt: '2026-11-21T10:00:00.000Z',
  checks: [{ check: 'token', state: 'failed', finding: 'It is dead.', remedy: 'Install again.' }],
};

const tested: unknown[] = [];
let outcome: () => Promise<Diagnosis>;
let api: TestApi;

beforeAll(async () => {
  api = await startTestApi({ deps: { diagnose: (ref) => (tested.push(ref), outcome()) } });
  for (const ref of [owner, elsewhere]) {
    await api.send('/lifecycle/installed', {
      method: 'POST',
      headers: { 'x-addon-lifecycle-token': api.mint.lifecycle(ref) },
      body: { ...ref, authToken: api.mint.installation(ref), apiUrl: 'https://api.clockify.me/api' },
    });
  }
});
afterAll(() => api.stop());
beforeEach(async () => {
  tested.length = 0;
  outcome = () => Promise.resolve(diagnosis);
  await api.rows(`update installations set status = 'active', diagnosis = null`);
});

const call = (method: string, token = api.mint.user(owner), workspace = workspaceId) =>
  api.send(`/bootstrap/${workspace}/diagnosis`, {
    method,
    headers: token === '' ? {} : { 'X-Addon-Token': token },
  });

test('the last self-test is shown, and null before the first', async () => {
  expect((await call('GET')).json()).toEqual({ diagnosis: null });
  await saveDiagnosis(api.orm, owner, { diagnosis, plan: null });
  const answer = await call('GET');
  expect([answer.status, answer.json()]).toEqual([200, { diagnosis }]);
  expect(tested).toEqual([]);
});

test('the self-test of another workspace is not shown', async () => {
  await saveDiagnosis(api.orm, elsewhere, { diagnosis, plan: null });
  expect((await call('GET')).json()).toEqual({ diagnosis: null });
});

test('an admin has his own installation tested now', async () => {
  const answer = await call('POST');
  expect([answer.status, answer.json()]).toEqual([200, { diagnosis }]);
  expect(tested).toEqual([owner]);
  expect(api.log.join()).toContain('"failed":["token"]');
});

test('a test can be run while Clockify does not say who is an admin', async () => {
  // Asking for roles fails in this API.
  expect((await call('POST')).status).toBe(200);
});

test.each([
  [Object.assign(new Error('gone'), { code: 'ECONNREFUSED' }), 503, 'storage_unavailable'],
  [new AddonError('not_found', 'The add-on is not installed there.'), 404, 'not_found'],
  [new Error('unexpected'), 500, 'internal_error'],
] as const)('a test that ends with %j is answered with %i', async (error, status, code) => {
  outcome = () => Promise.reject(error);
  const answer = await call('POST');
  expect([answer.status, answer.json()]).toEqual([status, expect.objectContaining({ error: code })]);
});

describe.each(['GET', 'POST'])('%s is refused', (method) => {
  it.each<[string, () => string]>([
    ['no token', () => ''],
    ['a lifecycle token', () => api.mint.lifecycle(owner)],
    ['an installation token', () => api.mint.installation(owner)],
    ['a webhook token', () => api.mint.webhook(owner)],
    ['an expired user token', () => api.mint.user(owner, { exp: 1_700_000_000 })],
  ])('for %s', async (_, token) => {
    expect((await call(method, token())).status).toBe(401);
    expect(tested).toEqual([]);
  });

  it.each(['MEMBER', 'TEAM_MANAGER', 'PROJECT_MANAGER'])('for the role %s', async (workspaceRole) => {
    expect((await call(method, api.mint.user(owner, { workspaceRole }))).status).toBe(403);
    expect(tested).toEqual([]);
  });

  it('in another workspace', async () => {
    expect((await call(method, api.mint.user(owner), elsewhere.workspaceId)).status).toBe(404);
    expect((await call(method, api.mint.user(elsewhere))).status).toBe(404);
    expect(tested).toEqual([]);
  });

  it.each(['inactive', 'delete_pending', 'superseded'])('while the installation is %s', async (status) => {
    await api.rows(`update installations set status = '${status}'`);
    expect((await call(method)).json()).toMatchObject({ error: 'installation_inactive' });
    expect(tested).toEqual([]);
  });
});
