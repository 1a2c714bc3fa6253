import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import { startTestApi } from '../../../test/support/api.ts';
import type { TestApi } from '../../../test/support/api.ts';
import { startIdentityProvider } from '../../../test/support/identity-provider.ts';
import type { IdentityProvider } from '../../../test/support/identity-provider.ts';
import { operatorVerbs } from '../../domain/operator-orders.ts';
import { createOperatorTokens } from '../operator-tokens.ts';
import { toSegment } from '../segments.ts';

const first = { workspaceId: 'a'.repeat(24), addonId: 'b'.repeat(24) };
const second = { workspaceId: 'c'.repeat(24), addonId: 'd'.repeat(24) };
const place = `/installations/${first.workspaceId}/${first.addonId}`;
const needed: Readonly<Record<string, object>> = {
  restartEntity: { entity: 'tags' },
  skipEntity: { entity: 'tags' },
  changeRate: { requestsPerSecond: 25 },
};

let provider: IdentityProvider;
let api: TestApi;
const given: unknown[][] = [];

beforeAll(async () => {
  provider = await startIdentityProvider();
  const { jwksUrl, issuer } = provider;
  api = await startTestApi({
    deps: {
      operators: createOperatorTokens({ jwksUrl, issuer, audiences: ['operations'] }),
      desk: {
        start: () => Promise.reject(new Error('not part of this test')),
        give: (...args) => (given.push(args), Promise.resolve('Done.')),
      },
    },
  });
  for (const ref of [first, second]) {
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
  given.length = 0;
  await api.rows(`update installations set status = 'active'`);
});

const call = async (path: string, body?: object, token?: string) =>
  api.send(path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token ?? (await provider.sign())}` },
    body,
  });

const reads = ['/installations', '/openapi-endpoints', `${place}/status`, `${place}/actions`];
const orders = operatorVerbs.map((verb) => `${place}/${toSegment(verb)}`);

describe('the installations', () => {
  const listed = async (query = '') => {
    const answer = await call(`/installations${query}`);
    expect(answer.status).toBe(200);
    return answer.json() as { installations: { workspaceId: string }[]; next: string | null };
  };

  it('of all workspaces are listed, without any token of theirs', async () => {
    const { installations, next } = await listed();
    expect(next).toBeNull();
    expect(installations).toEqual(
      [first, second].map((ref) => ({
        ...ref,
        status: 'active',
        kind: 'addon',
        apiUrl: expect.stringMatching(/^https:/),
        plan: null,
        installedAt: expect.stringMatching(/Z$/),
        updatedAt: expect.stringMatching(/Z$/),
        lastBootstrapAt: null,
      })),
    );
  });

  it('come page by page', async () => {
    const page = await listed('?limit=1');
    expect(page.installations).toMatchObject([first]);
    const rest = await listed(`?limit=1&after=${encodeURIComponent(page.next ?? '')}`);
    expect(rest.installations).toMatchObject([second]);
    expect(await listed(`?after=${encodeURIComponent(rest.next ?? '')}`)).toMatchObject({ installations: [] });
  });

  it.each(['?limit=0', '?limit=201', '?limit=x', '?after=x', '?madeUp=1'])('refuse the query %s', async (query) => {
    expect((await call(`/installations${query}`)).status).toBe(422);
  });
});

test('the operations of Clockify are listed', async () => {
  const { operations } = (await call('/openapi-endpoints')).json() as { operations: object[] };
  expect(operations.length).toBeGreaterThan(150);
  expect(operations).toContainEqual(expect.objectContaining({ operationId: 'getTags', method: 'GET' }));
});

test('a run and its orders can be looked at', async () => {
  expect((await call(`${place}/status`)).json()).toMatchObject({
    workspaceId: first.workspaceId,
    status: 'NOT_STARTED',
  });
  expect((await call(`${place}/actions`)).json()).toEqual({ actions: [] });
});

describe.each(operatorVerbs)('the order to %s', (verb) => {
  const path = `${place}/${toSegment(verb)}`;

  it('is given in the name of the operator', async () => {
    const answer = await call(path, { ...needed[verb], reason: 'month end' });
    expect(answer.json()).toEqual({ effect: 'Done.' });
    const origin = { ...first, requestId: answer.headers['x-request-id'] };
    expect(given).toEqual([[origin, verb, { ...needed[verb], by: 'operator ada', reason: 'month end' }]]);
  });

  it('cannot be given in another name, or for what is not there', async () => {
    expect((await call(path, { ...needed[verb], by: 'eve' })).status).toBe(422);
    expect((await call(path.replace(first.addonId, 'e'.repeat(24)), needed[verb] ?? {})).status).toBe(404);
    expect(given).toEqual([]);
  });

  it.each(['delete_pending', 'suspect', 'superseded', 'pending_probe'])(
    'is refused for an installation that is %s',
    async (status) => {
      await api.rows(`update installations set status = '${status}'`);
      const answer = await call(path, needed[verb] ?? {});
      expect([answer.status, answer.json()]).toMatchObject([403, { error: 'installation_inactive' }]);
      expect(given).toEqual([]);
    },
  );
});

describe.each([...reads, ...orders])('%s', (path) => {
  const method = reads.includes(path) ? 'GET' : 'POST';
  const sendWith = (headers: Record<string, string | string[]>) => api.send(path, { method, headers });

  it.each<[string, () => Promise<string> | string]>([
    ['none', () => ''],
    ['a user token of Clockify', () => api.mint.user(first)],
    ['an installation token of Clockify', () => api.mint.installation(first)],
    ['an expired token', () => provider.sign({ exp: 1_700_000_000 })],
    ['a token for another audience', () => provider.sign({ aud: 'elsewhere' })],
  ])('with %s is answered 401, and does nothing', async (_, mint) => {
    const token = await mint();
    const answer = await sendWith(token === '' ? {} : { authorization: `Bearer ${token}` });
    expect([answer.status, answer.json()]).toMatchObject([401, { error: 'invalid_token' }]);
    expect(given).toEqual([]);
  });

  it("does not take an operator's token from elsewhere", async () => {
    const token = await provider.sign();
    expect((await sendWith({ 'x-addon-token': token })).status).toBe(401);
    expect((await sendWith({ authorization: `Basic ${token}` })).status).toBe(401);
    expect((await sendWith({ authorization: [`Bearer ${token}`, `Bearer ${token}`] })).status).toBe(400);
  });
});

test('an operator is nobody in the sidebar', async () => {
  const headers = { 'x-addon-token': await provider.sign() };
  expect((await api.send(`/bootstrap/${first.workspaceId}/status`, { headers })).status).toBe(401);
});
