import { afterAll, beforeAll, expect, it, test } from '@jest/globals';
import { startTestApi } from '../../../test/support/api.ts';
import type { TestApi } from '../../../test/support/api.ts';
import { deliver, installWithWebhooks, mintWebhookTokens } from '../../../test/support/deliveries.ts';
import { startIdentityProvider } from '../../../test/support/identity-provider.ts';
import type { IdentityProvider } from '../../../test/support/identity-provider.ts';
import { addInboxRow } from '../../../test/support/inbox-rows.ts';
import type { InboxPage } from '../../domain/inbox.ts';
import { createOperatorTokens } from '../operator-tokens.ts';

const owner = { workspaceId: 'a'.repeat(24), addonId: 'b'.repeat(24) };
const elsewhere = { workspaceId: 'e'.repeat(24), addonId: 'f'.repeat(24) };

let provider: IdentityProvider;
let api: TestApi;
let received: string;
const foreign: string[] = [];

beforeAll(async () => {
  provider = await startIdentityProvider();
  const { jwksUrl, issuer } = provider;
  const operators = createOperatorTokens({ jwksUrl, issuer, audiences: ['operations'] });
  api = await startTestApi({ deps: { operators } });
  const tokens = mintWebhookTokens(api, owner);
  await installWithWebhooks(api, owner, tokens);
  await installWithWebhooks(api, elsewhere, mintWebhookTokens(api, elsewhere));
  await deliver(api, 'NEW_TAG', { token: tokens.NEW_TAG, body: { id: '1', name: 'Secret project' } });
  received = String((await api.rows('select id::text from webhook_events'))[0]?.['id']);
  foreign.push(await addInboxRow(api, elsewhere, { state: 'parked' }));
});
afterAll(async () => {
  await api.stop();
  await provider.close();
});

const ask = async (query: string, token?: string) =>
  api.send(`/webhooks?${query}`, { headers: { authorization: `Bearer ${token ?? (await provider.sign())}` } });
const of = ({ workspaceId, addonId }: typeof owner) => `workspaceId=${workspaceId}&addonId=${addonId}`;
const idsOf = async (query: string) => (JSON.parse((await ask(query)).text) as InboxPage).lines.map(({ id }) => id);

test('operators see the deliveries of one installation, narrowed and page by page as admins do', async () => {
  expect(await idsOf(of(owner))).toEqual([received]);
  expect(await idsOf(of(elsewhere))).toEqual(foreign);
  expect(await idsOf(`${of(owner)}&state=parked`)).toEqual([]);
  expect(await idsOf(`${of(elsewhere)}&state=parked&event=NEW_TAG&from=2026-01-01T00:00:00Z`)).toEqual(foreign);
  const { next } = JSON.parse((await ask(`${of(owner)}&limit=1`)).text) as InboxPage;
  expect(await idsOf(`${of(owner)}&limit=1&cursor=${next}`)).toEqual([]);
});

test('no body, no header and no token is in what they see', async () => {
  const { text } = await ask(of(owner));
  expect(text).not.toMatch(/eyJ|Secret project|redacted|igest|headers|raw|text|base64/);
});

it.each([
  ['', 422],
  [`workspaceId=${owner.workspaceId}`, 422],
  [`${of(owner)}&what=1`, 422],
  [of({ ...owner, addonId: elsewhere.addonId }), 404],
])('answers the query %j with %d', async (query, status) => {
  expect((await ask(query)).status).toBe(status);
});

it.each<[string, () => string]>([
  ['an admin', () => api.mint.user(owner)],
  ['an installation', () => api.mint.installation(owner)],
  ['nobody', () => 'eyJ'],
])('refuses the token of %s', async (_, token) => {
  expect((await ask(of(owner), token())).status).toBe(401);
});
