import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startTestApi } from '../../../test/support/api.ts';
import type { TestApi } from '../../../test/support/api.ts';
import { savePersonalInstallation } from '../../db/personal-installations.ts';
import { buildPersonalId } from '../../domain/contract.ts';

const workspaceId = 'a'.repeat(24);
const userId = 'd'.repeat(24);
const ref = { workspaceId, addonId: buildPersonalId(userId) };
const addon = { workspaceId, addonId: 'b'.repeat(24) };

let api: TestApi;
let before: unknown;
beforeAll(async () => {
  api = await startTestApi();
  const apiUrl = 'https://api.clockify.me/api/v1';
  await savePersonalInstallation(api.orm, {
    workspaceId,
    userId,
    apiUrl,
    reportsUrl: 'https://reports.api.clockify.me/v1',
    token: 'v1.sealed',
    tokenDigest: 'digest',
  });
  before = await api.snapshot();
});
afterAll(() => api.stop());

const bodies = {
  installed: (owner: typeof ref) => ({
    ...owner,
    authToken: api.mint.installation(owner),
    apiUrl: 'https://api.clockify.me/api',
  }),
  'status-changed': (owner: typeof ref) => ({ ...owner, status: 'INACTIVE' }),
  'settings-updated': (owner: typeof ref) => ({ ...owner, settings: [] }),
  deleted: (owner: typeof ref) => owner,
};

const post = (event: keyof typeof bodies, owner: typeof ref) =>
  api.send(`/lifecycle/${event}`, {
    method: 'POST',
    headers: { 'x-addon-lifecycle-token': api.mint.lifecycle(owner) },
    body: bodies[event](owner),
  });

test.each(Object.keys(bodies) as (keyof typeof bodies)[])(
  '%s is refused for a personal installation, signed as it may be, and for an add-on beside it',
  async (event) => {
    expect((await post(event, ref)).status).toBe(401);
    expect((await post(event, addon)).status).toBe(409);
    expect(await api.snapshot()).toEqual(before);
  },
);

test('a webhook delivery is refused for a personal installation', async () => {
  const answer = await api.send('/webhooks/clockify/NEW_TAG', {
    method: 'POST',
    headers: { 'Clockify-Signature': api.mint.webhook(ref), 'Clockify-Webhook-Event-Type': 'NEW_TAG' },
    body: {},
  });
  expect(answer.status).toBe(401);
});

test('its page is served to a user token that names it, and to no other', async () => {
  const read = (owner: typeof ref) =>
    api.send(`/bootstrap/${workspaceId}/status`, { headers: { 'x-addon-token': api.mint.user(owner) } });
  expect((await read(ref)).status).toBe(200);
  expect((await read(addon)).status).toBe(403);
  expect((await read({ ...ref, addonId: buildPersonalId('e'.repeat(24)) })).status).toBe(403);
  expect((await read({ ...ref, addonId: 'personal:me' })).status).toBe(401);
});
