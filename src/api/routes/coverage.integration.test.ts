import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import { startTestApi } from '../../../test/support/api.ts';
import type { TestApi } from '../../../test/support/api.ts';
import { startIdentityProvider } from '../../../test/support/identity-provider.ts';
import type { IdentityProvider } from '../../../test/support/identity-provider.ts';
import type { WebhookPreview } from '../../activities/webhook-registrar.ts';
import { loadCoverage, saveEventFindings } from '../../db/coverage.ts';
import { AddonError } from '../../domain/errors.ts';
import { webhookVerbs } from '../../domain/operator-orders.ts';
import { createOperatorTokens } from '../operator-tokens.ts';
import { toSegment } from '../segments.ts';

const owner = { workspaceId: 'a'.repeat(24), addonId: 'b'.repeat(24) };
const elsewhere = { workspaceId: 'e'.repeat(24), addonId: 'f'.repeat(24) };
const viewer = '5f0000000000000000000001';
const preview: WebhookPreview = { keep: [], renew: [], add: ['NEW_TAG'], remove: [], closedBecause: null };

let provider: IdentityProvider;
let api: TestApi;
let isAdmin = true;
let given: unknown[][] = [];
let outcome: () => Promise<string>;

beforeAll(async () => {
  provider = await startIdentityProvider();
  const { jwksUrl, issuer } = provider;
  api = await startTestApi({
    deps: {
      operators: createOperatorTokens({ jwksUrl, issuer, audiences: ['operations'] }),
      roles: { isAdmin: () => Promise.resolve(isAdmin) },
      webhooks: {
        preview: (ref) => (given.push(['preview', ref]), Promise.resolve(preview)),
        give: (...args) => (given.push(args), outcome()),
      },
    },
  });
  for (const ref of [owner, elsewhere]) {
    await api.send('/lifecycle/installed', {
      method: 'POST',
      headers: { 'x-addon-lifecycle-token': api.mint.lifecycle(ref) },
      body: { ...ref, authToken: api.mint.installation(ref), apiUrl: 'https://api.clockify.me/api' },
    });
  }
});
afterAll(async () => {
  await api.stop();
  await provider.close();
});
beforeEach(async () => {
  given = [];
  isAdmin = true;
  outcome = () => Promise.resolve('Done.');
  await api.rows(`update installations set status = 'active'`);
});

const verbs = webhookVerbs.map((verb) => [verb, `/${toSegment(verb)}`] as const);
const addresses = [
  ['GET', '/coverage'],
  ['GET', '/webhooks/preview'],
  ...verbs.map(([, address]) => ['POST', address] as const),
] as const;

const asViewer = (method: string, address: string, body?: object, token = api.mint.user(owner)) =>
  api.send(`/bootstrap/${owner.workspaceId}${address}`, {
    method,
    headers: token === '' ? {} : { 'x-addon-token': token },
    body,
  });
const asOperator = async (method: string, address: string, body?: object, ref = owner) =>
  api.send(`/installations/${ref.workspaceId}/${ref.addonId}${address}`, {
    method,
    headers: { authorization: `Bearer ${await provider.sign()}` },
    body,
  });

test('admins and operators see how changes reach the copy of this workspace', async () => {
  await saveEventFindings(api.orm, owner, [{ event: 'NEW_TAG', state: 'registered', reason: null }]);
  await saveEventFindings(api.orm, elsewhere, [{ event: 'NEW_TASK', state: 'registered', reason: null }]);
  const coverage = await loadCoverage(api.orm, owner);
  expect(coverage.events.filter(({ state }) => state !== null).map(({ event }) => event)).toEqual(['NEW_TAG']);
  for (const answer of [await asViewer('GET', '/coverage'), await asOperator('GET', '/coverage')]) {
    expect([answer.status, answer.json()]).toEqual([200, coverage]);
    expect(answer.text).not.toContain('igest');
  }
});

test('admins and operators see what a registration would do', async () => {
  for (const answer of [await asViewer('GET', '/webhooks/preview'), await asOperator('GET', '/webhooks/preview')]) {
    expect([answer.status, answer.json()]).toEqual([200, preview]);
  }
  expect(given).toEqual([
    ['preview', owner],
    ['preview', owner],
  ]);
});

describe.each(verbs)('the order to %s', (verb, address) => {
  it('is given in the name of the viewer, with the reason', async () => {
    const answer = await asViewer('POST', address, { reason: 'After the outage' });
    expect([answer.status, answer.json()]).toEqual([200, { effect: 'Done.' }]);
    const origin = { ...owner, requestId: answer.headers['x-request-id'] };
    expect(given).toEqual([[origin, verb, { by: viewer, reason: 'After the outage' }]]);
  });

  it('is given in the name of the operator, and needs no reason', async () => {
    const answer = await asOperator('POST', address);
    expect([answer.status, answer.json()]).toEqual([200, { effect: 'Done.' }]);
    expect(given).toEqual([[expect.objectContaining(owner), verb, { by: 'operator ada' }]]);
  });

  it.each([{ by: 'eve' }, { reason: 'x'.repeat(501) }, { reason: 1 }, []])('refuses the body %j', async (body) => {
    expect((await asViewer('POST', address, body)).status).toBe(422);
    expect((await asOperator('POST', address, body)).status).toBe(422);
    expect(given).toEqual([]);
  });

  it('says why it could not be obeyed', async () => {
    outcome = () => Promise.reject(new AddonError('clockify_unavailable', 'Clockify is away.'));
    expect((await asViewer('POST', address)).json()).toMatchObject({ error: 'clockify_unavailable' });
    expect((await asOperator('POST', address)).json()).toMatchObject({ error: 'clockify_unavailable' });
  });
});

describe.each(addresses)('%s %s', (method, address) => {
  it.each<[string, () => string, number]>([
    ['no token', () => '', 401],
    ['the token of somebody who is no admin', () => api.mint.user(owner, { workspaceRole: 'MEMBER' }), 403],
    ['a token of another workspace', () => api.mint.user(elsewhere), 404],
    ['an installation token', () => api.mint.installation(owner), 401],
  ])('refuses %s', async (_, token, status) => {
    expect((await asViewer(method, address, undefined, token())).status).toBe(status);
    expect(given).toEqual([]);
  });

  it('is nothing for an add-on that is switched off', async () => {
    await api.rows(`update installations set status = 'inactive'`);
    expect((await asViewer(method, address)).json()).toMatchObject({ error: 'installation_inactive' });
    expect(given).toEqual([]);
  });

  it('refuses an operator without a token', async () => {
    const path = `/installations/${owner.workspaceId}/${owner.addonId}${address}`;
    expect((await api.send(path, { method })).status).toBe(401);
    expect(given).toEqual([]);
  });
});

test.each(addresses.slice(1))('%s %s asks Clockify whether the viewer still is an admin', async (method, address) => {
  isAdmin = false;
  expect((await asViewer(method, address)).status).toBe(403);
  expect(given).toEqual([]);
});

test('there is no coverage of what is not installed', async () => {
  const nowhere = { ...owner, addonId: 'e'.repeat(24) };
  expect((await asOperator('GET', '/coverage', undefined, nowhere)).status).toBe(404);
});
