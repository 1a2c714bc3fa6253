import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import { startTestApi } from '../../../test/support/api.ts';
import type { TestApi } from '../../../test/support/api.ts';
import { AddonError } from '../../domain/errors.ts';
import { operatorVerbs } from '../../domain/operator-orders.ts';
import type { OperatorDesk } from '../operator-desk.ts';

const workspaceId = 'a'.repeat(24);
const owner = { workspaceId, addonId: 'b'.repeat(24) };
const elsewhere = { workspaceId: 'e'.repeat(24), addonId: 'f'.repeat(24) };
const viewer = '5f0000000000000000000001';

const calls: unknown[][] = [];
let startOutcome: () => ReturnType<OperatorDesk['start']>;
let steerOutcome: () => Promise<string>;
let isAdmin: () => Promise<boolean>;
let api: TestApi;

beforeAll(async () => {
  api = await startTestApi({
    deps: {
      timeEntryDays: 90,
      desk: {
        start: (...args) => (calls.push(['start', ...args]), startOutcome()),
        give: (...args) => (calls.push(['give', ...args]), steerOutcome()),
      },
      roles: { isAdmin: (_, userId) => (calls.push(['isAdmin', userId]), isAdmin()) },
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
afterAll(() => api.stop());
beforeEach(async () => {
  calls.length = 0;
  startOutcome = () => Promise.resolve({ jobId: 'run-1', status: 'started' });
  steerOutcome = () => Promise.resolve('Done.');
  isAdmin = () => Promise.resolve(true);
  await api.rows(`update installations set status = 'active'`);
});

const call = (
  action: string,
  token: string | undefined = api.mint.user(owner),
  body?: unknown,
  workspace = workspaceId,
) =>
  api.send(`/bootstrap/${workspace}${action}`, {
    method: action === '/status' ? 'GET' : 'POST',
    headers: token === '' ? {} : { 'X-Addon-Token': token },
    body,
  });
const orders = operatorVerbs.map((verb) => `/${verb.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`);
const actions = ['', '/status', ...orders];
/** What an order needs besides a reason. */
const needed: Readonly<Record<string, object>> = {
  '/restart-entity': { entity: 'tags' },
  '/skip-entity': { entity: 'tags' },
  '/change-rate': { requestsPerSecond: 25 },
};

test('a start without a body takes the defaults, and the days this deployment reads', async () => {
  const answer = await call('');
  expect(answer.status).toBe(200);
  expect(answer.json()).toEqual({ job_id: 'run-1', status: 'started' });
  expect(calls).toEqual([
    ['isAdmin', viewer],
    [
      'start',
      { ...owner, requestId: answer.headers['x-request-id'] },
      { scope: 'standard', timeEntries: true, timeEntryDays: 90 },
      viewer,
    ],
  ]);
});

test('a start passes the options on', async () => {
  const options = { scope: 'core', timeEntries: false, timeEntryDays: 7, requestsPerSecond: 25, only: ['tags'] };
  expect((await call('', undefined, options)).status).toBe(200);
  expect(calls[1]?.[2]).toEqual(options);
});

test('a start while a run is under way names that run', async () => {
  startOutcome = () => Promise.resolve({ jobId: 'run-0', status: 'running' });
  expect((await call('')).json()).toEqual({ job_id: 'run-0', status: 'running' });
});

test.each([
  { scope: 'everything-and-more' },
  { timeEntries: 'yes' },
  { timeEntryDays: 0 },
  { requestsPerSecond: 51 },
  { only: [] },
  { only: ['unknown'] },
  { workspaceId: 'x' },
  [],
])('a start refuses the options %j', async (options) => {
  const answer = await call('', undefined, options);
  expect(answer.status).toBe(422);
  expect(answer.json()).toMatchObject({ error: 'validation_failed', fields: [{ message: expect.any(String) }] });
  expect(calls).toEqual([['isAdmin', viewer]]);
});

test('unknown members are refused without being repeated', async () => {
  expect((await call('', undefined, { 'made-up-member': 1 })).text).not.toContain('made-up-member');
});

test('the addresses of the orders are those of the page', () => {
  expect(orders).toEqual([
    '/pause',
    '/resume',
    '/retry-failed',
    '/restart-entity',
    '/restart-all',
    '/skip-entity',
    '/change-rate',
    '/cancel',
  ]);
});

describe.each(orders)('%s', (address) => {
  const verb = operatorVerbs[orders.indexOf(address)];
  const body = needed[address];

  it('says who wants what and why, and answers with the effect', async () => {
    const answer = await call(address, undefined, { ...body, reason: 'night shift' });
    expect(answer.status).toBe(200);
    expect(answer.json()).toEqual({ effect: 'Done.' });
    const origin = { ...owner, requestId: answer.headers['x-request-id'] };
    expect(calls[1]).toEqual(['give', origin, verb, { ...body, by: viewer, reason: 'night shift' }]);
  });

  it('needs no reason', async () => {
    expect((await call(address, undefined, body)).status).toBe(200);
    expect(calls[1]?.[3]).toEqual({ ...body, by: viewer });
  });

  it.each([{ reason: 'x'.repeat(501) }, { reason: 7 }, { by: 'somebody else' }, { madeUp: 1 }])(
    'refuses %j',
    async (wrong) => {
      const answer = await call(address, undefined, { ...body, ...wrong });
      expect(answer.status).toBe(422);
      expect(answer.json()).toMatchObject({ error: 'validation_failed' });
      expect(calls).toEqual([['isAdmin', viewer]]);
    },
  );
});

test.each([
  ['/restart-entity', {}],
  ['/restart-entity', { entity: 'unknown' }],
  ['/skip-entity', {}],
  ['/change-rate', {}],
  ['/change-rate', { requestsPerSecond: 0.5 }],
  ['/change-rate', { requestsPerSecond: 51 }],
])('%s refuses %j, which does not say what to do', async (address, body) => {
  expect((await call(address, undefined, body)).status).toBe(422);
});

test('the status of a workspace that never ran is NOT_STARTED', async () => {
  const answer = await call('/status');
  expect(answer.status).toBe(200);
  expect(answer.json()).toMatchObject({ workspaceId, status: 'NOT_STARTED', runId: null });
});

test.each([
  ['conflict', 409],
  ['temporal_unavailable', 503],
] as const)('a %s of the run is answered with %i', async (code, status) => {
  steerOutcome = () => Promise.reject(new AddonError(code, 'No.'));
  startOutcome = () => Promise.reject(new AddonError(code, 'No.'));
  for (const action of ['', ...orders]) expect((await call(action, undefined, needed[action])).status).toBe(status);
});

describe.each(actions)('"%s" is refused', (action) => {
  it.each<[string, () => string]>([
    ['no token', () => ''],
    ['a lifecycle token', () => api.mint.lifecycle(owner)],
    ['an installation token', () => api.mint.installation(owner)],
    ['a webhook token', () => api.mint.webhook(owner)],
    ['an expired user token', () => api.mint.user(owner, { exp: 1_700_000_000 })],
    ['a user token without role', () => api.mint.user(owner, { workspaceRole: undefined })],
  ])('for %s', async (_, token) => {
    expect((await call(action, token())).status).toBe(401);
    expect(calls).toEqual([]);
  });

  it.each(['MEMBER', 'TEAM_MANAGER', 'PROJECT_MANAGER', 'USER'])('for the role %s', async (workspaceRole) => {
    const answer = await call(action, api.mint.user(owner, { workspaceRole }));
    expect(answer.status).toBe(403);
    expect(answer.json()).toMatchObject({ error: 'forbidden' });
    expect(calls).toEqual([]);
  });

  it('in another workspace, which does not exist for the viewer', async () => {
    expect((await call(action, api.mint.user(elsewhere))).status).toBe(404);
    expect((await call(action, api.mint.user(owner), undefined, elsewhere.workspaceId)).status).toBe(404);
    expect((await call(action, api.mint.user(owner), undefined, 'x')).status).toBe(404);
    expect(calls).toEqual([]);
  });

  it.each(['inactive', 'pending_probe', 'delete_pending', 'suspect', 'superseded'])(
    'while the installation is %s',
    async (status) => {
      await api.rows(`update installations set status = '${status}'`);
      const answer = await call(action);
      expect(answer.status).toBe(403);
      expect(answer.json()).toMatchObject({ error: 'installation_inactive' });
      expect(calls).toEqual([]);
    },
  );

  it('for an installation that does not exist', async () => {
    const answer = await call(action, api.mint.user({ ...owner, addonId: 'd'.repeat(24) }));
    expect(answer.json()).toMatchObject({ error: 'installation_inactive' });
  });

  it('with two tokens', async () => {
    const token = api.mint.user(owner);
    const method = action === '/status' ? 'GET' : 'POST';
    const headers = { 'x-addon-token': [token, token] };
    expect((await api.send(`/bootstrap/${workspaceId}${action}`, { method, headers })).status).toBe(400);
  });
});

test.each(['', ...orders])(
  '"%s" is refused once Clockify says that the viewer is no admin any more',
  async (action) => {
    isAdmin = () => Promise.resolve(false);
    expect((await call(action)).status).toBe(403);
    expect(calls).toEqual([['isAdmin', viewer]]);
  },
);

test('a role that cannot be read is not taken for granted', async () => {
  isAdmin = () => Promise.reject(new AddonError('clockify_unavailable', 'Clockify is not available at the moment.'));
  expect((await call('')).status).toBe(502);
  expect(calls).toEqual([['isAdmin', viewer]]);
});

test('the letter case of the role does not matter', async () => {
  expect((await call('/status', api.mint.user(owner, { workspaceRole: 'owner' }))).status).toBe(200);
});
