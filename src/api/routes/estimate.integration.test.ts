import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startTestApi } from '../../../test/support/api.ts';
import type { TestApi } from '../../../test/support/api.ts';
import type { CostEstimate } from '../../domain/cost-estimate.ts';
import { AddonError } from '../../domain/errors.ts';

const workspaceId = 'a'.repeat(24);
const owner = { workspaceId, addonId: 'b'.repeat(24) };
const estimate: CostEstimate = {
  calls: 12,
  margin: 1,
  minutes: 0.1,
  basis: 'probes',
  entities: [{ entity: 'tags', calls: 12, margin: 1, rows: 2_300, basis: 'probes' }],
  requests: 7,
  plan: 'PRO',
  pace: { requestsPerSecond: 48, requestsPerHour: null },
  notes: [],
};

const asked: unknown[][] = [];
let outcome: () => Promise<CostEstimate>;
let isAdmin: () => Promise<boolean>;
let api: TestApi;

beforeAll(async () => {
  api = await startTestApi({
    deps: {
      timeEntryDays: 90,
      roles: { isAdmin: () => isAdmin() },
      estimateCost: (...args) => (asked.push(args), outcome()),
    },
  });
  await api.send('/lifecycle/installed', {
    method: 'POST',
    headers: { 'x-addon-lifecycle-token': api.mint.lifecycle(owner) },
    body: { ...owner, authToken: api.mint.installation(owner), apiUrl: 'https://api.clockify.me/api' },
  });
});
afterAll(() => api.stop());
beforeEach(async () => {
  asked.length = 0;
  outcome = () => Promise.resolve(estimate);
  isAdmin = () => Promise.resolve(true);
  await api.rows(`update installations set status = 'active'`);
});

const call = (body?: unknown, token = api.mint.user(owner), workspace = workspaceId) =>
  api.send(`/bootstrap/${workspace}/estimate`, {
    method: 'POST',
    headers: token === '' ? {} : { 'X-Addon-Token': token },
    body,
  });

test('the options of a start are estimated, and nothing starts', async () => {
  const options = { scope: 'core', timeEntries: false, timeEntryDays: 7, requestsPerSecond: 25, only: ['tags'] };
  const answer = await call(options);
  expect([answer.status, answer.json()]).toEqual([200, estimate]);
  expect(asked).toEqual([[owner, options]]);
  expect(api.log.join()).toContain('"calls":12');
});

test('without a body the defaults are estimated, with the days this deployment reads', async () => {
  expect((await call()).status).toBe(200);
  expect(asked).toEqual([[owner, { scope: 'standard', timeEntries: true, timeEntryDays: 90 }]]);
});

test.each([{ scope: 'all' }, { timeEntryDays: 0 }, { requestsPerSecond: 51 }, { only: [] }, { page: 1 }, []])(
  'the options %j are refused',
  async (options) => {
    const answer = await call(options);
    expect([answer.status, answer.json()]).toMatchObject([422, { error: 'validation_failed' }]);
    expect(asked).toEqual([]);
  },
);

test.each([
  ['without a token', 401, (): string => ''],
  ['with the token of a plain member', 403, (): string => api.mint.user(owner, { workspaceRole: 'USER' })],
] as const)('nothing is estimated %s', async (_, status, token) => {
  expect((await call({}, token())).status).toBe(status);
  expect(asked).toEqual([]);
});

test('nothing is estimated for somebody who is no admin any more', async () => {
  isAdmin = () => Promise.resolve(false);
  expect((await call({})).status).toBe(403);
  expect(asked).toEqual([]);
});

test('nothing is estimated for another workspace, nor where the add-on is switched off', async () => {
  expect((await call({}, undefined, 'e'.repeat(24))).status).toBe(404);
  await api.rows(`update installations set status = 'inactive'`);
  expect((await call({})).status).toBe(403);
  expect(asked).toEqual([]);
});

test.each([
  ['clockify_rate_limited', 503],
  ['clockify_timeout', 504],
  ['clockify_token_dead', 502],
] as const)('%s is answered with %i', async (code, status) => {
  outcome = () => Promise.reject(new AddonError(code, 'Not now.'));
  const answer = await call({});
  expect([answer.status, answer.json()]).toMatchObject([status, { error: code, detail: 'Not now.' }]);
});
