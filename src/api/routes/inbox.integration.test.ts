import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import { startTestApi } from '../../../test/support/api.ts';
import type { TestApi } from '../../../test/support/api.ts';
import { deliver, installWithWebhooks, mintWebhookTokens } from '../../../test/support/deliveries.ts';
import type { WebhookTokens } from '../../../test/support/deliveries.ts';
import type { InstallationRef } from '../../domain/contract.ts';
import type { InboxDetail, InboxPage } from '../../domain/inbox.ts';

const owner = { workspaceId: 'a'.repeat(24), addonId: 'b'.repeat(24) };
const elsewhere = { workspaceId: 'e'.repeat(24), addonId: 'f'.repeat(24) };
const viewer = '5f0000000000000000000001';

let api: TestApi;
let tokens: WebhookTokens;
let isAdmin = true;
let woken: InstallationRef[] = [];

beforeAll(async () => {
  api = await startTestApi({
    deps: {
      roles: { isAdmin: () => Promise.resolve(isAdmin) },
      onDeliveries: (refs) => woken.push(...refs),
    },
  });
  tokens = mintWebhookTokens(api, owner);
  await installWithWebhooks(api, owner, tokens);
  await installWithWebhooks(api, elsewhere, mintWebhookTokens(api, elsewhere));
});
afterAll(() => api.stop());
beforeEach(async () => {
  isAdmin = true;
  await api.rows('truncate webhook_events');
  woken = [];
});

/** Stored by the receipt, as Clockify sent it. */
async function receive(body: unknown, event: 'NEW_TAG' | 'TAG_UPDATED' = 'NEW_TAG'): Promise<string> {
  expect((await deliver(api, event, { token: tokens[event], body })).status).toBe(200);
  const [row] = await api.rows('select max(id)::text as id from webhook_events');
  return String(row?.['id']);
}

const ask = (address: string, token = api.mint.user(owner)) =>
  api.send(`/ui/webhooks${address}`, { headers: token === '' ? {} : { 'X-Addon-Token': token } });
const page = async (query: string) => JSON.parse((await ask(query)).text) as InboxPage;
const order = (address: string, body?: object, token = api.mint.user(owner)) =>
  api.send(`/ui/webhooks${address}`, {
    method: 'POST',
    headers: token === '' ? {} : { 'X-Addon-Token': token },
    body,
  });
const setState = (id: string, state: string) =>
  api.rows(`update webhook_events set state = '${state}', reason = 'clockify_request_wrong' where id = ${id}`);

describe('the list', () => {
  it('tells what came, newest first, page by page', async () => {
    const ids = [];
    for (const n of [1, 2, 3]) ids.unshift(await receive({ id: `tag-${n}` }));
    const first = await page('?limit=2');
    expect(first.lines.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    const rest = await page(`?limit=2&cursor=${first.next}`);
    expect([rest.lines.map(({ id }) => id), rest.next]).toEqual([[ids[2]], null]);
  });

  it('is narrowed by event, state and time', async () => {
    const [tag, updated] = [await receive({ id: '1' }), await receive({ id: '2' }, 'TAG_UPDATED')];
    await setState(tag, 'parked');
    const idsOf = async (filter: string) => (await page(`?${filter}`)).lines.map(({ id }) => id);
    expect(await idsOf('event=TAG_UPDATED')).toEqual([updated]);
    expect(await idsOf('state=parked')).toEqual([tag]);
    expect(await idsOf('state=parked&event=TAG_UPDATED')).toEqual([]);
    expect(await idsOf('from=2026-01-01T00:00:00Z')).toEqual([updated, tag]);
    expect(await idsOf('to=2026-01-01T00:00:00Z')).toEqual([]);
  });

  it('says nothing of what a delivery says, and holds no token', async () => {
    await receive({ id: '1', name: 'Secret project' });
    const { text } = await ask('');
    expect(text).not.toContain('Secret project');
    expect(text).not.toMatch(/eyJ|igest|headers/);
  });

  const injections = [`' or 1=1 --`, `'; drop table webhook_events; --`, `") or true`, `$1`, `\u0000`, `%27`, `x'\\`];
  const fields = ['event', 'state', 'from', 'to', 'cursor', 'limit'];
  it.each(fields.flatMap((field) => injections.map((text) => [field, text] as const)))(
    'refuses as %s the text %j',
    async (field, text) => {
      const answer = await ask(`?${field}=${encodeURIComponent(text)}`);
      expect([answer.status, answer.json()]).toEqual([422, expect.objectContaining({ error: 'validation_failed' })]);
    },
  );

  it.each([
    'limit=0',
    'limit=201',
    'limit=1.5',
    'state=lost',
    'from=yesterday',
    'from=2026-11-21',
    'what=1',
    'event=A&event=B',
    `cursor=${Buffer.from('2026-13-41T00:00:00.000000Z/1').toString('base64url')}`,
    `cursor=${Buffer.from('2026-11-21T00:00:00.000000Z/-1').toString('base64url')}`,
    `cursor=${'x'.repeat(101)}`,
  ])('refuses the query %s', async (query) => {
    expect((await ask(`?${query}`)).status).toBe(422);
  });
});

describe('a delivery', () => {
  const detailOf = async (id: string) => JSON.parse((await ask(`/${id}`)).text) as InboxDetail;

  it('is shown as it came, with its headers but for what may be secret', async () => {
    const body = '{"id":"6", "rate":12345678901234567890, "name":"<script>alert(1)</script>"}';
    const id = await receive(Buffer.from(body));
    const detail = await detailOf(id);
    expect(detail).toMatchObject({
      id,
      state: 'received',
      text: body,
      base64: null,
      bytes: body.length,
      formatted: '{\n  "id": "6",\n  "rate": 12345678901234567890,\n  "name": "<script>alert(1)</script>"\n}',
      headers: { 'clockify-signature': '[redacted]', 'clockify-webhook-event-type': 'NEW_TAG' },
      requestId: expect.stringMatching(/^[\w-]{8,}$/),
      workflowId: `mailbox:${owner.workspaceId}:${owner.addonId}`,
      entity: null,
    });
    expect(JSON.stringify(detail)).not.toContain('eyJ');
  });

  it('is shown in base64 when its bytes are no text', async () => {
    const bytes = Buffer.from([0x7b, 0xff, 0xfe, 0x7d]);
    const detail = await detailOf(await receive(bytes));
    expect(detail).toMatchObject({
      state: 'quarantined',
      reason: 'not_utf8',
      text: null,
      base64: bytes.toString('base64'),
      formatted: null,
    });
  });

  it('is not formatted when it is no JSON', async () => {
    const detail = await detailOf(await receive(Buffer.from('{"id":')));
    expect(detail).toMatchObject({ state: 'quarantined', text: '{"id":', formatted: null });
  });

  it('tells how the mirror has its entity now', async () => {
    const id = await receive({ id: 'tag-1' });
    await api.rows(`update webhook_events set entity_type = 'tags', entity_id = 'tag-1' where id = ${id}`);
    expect((await detailOf(id)).entity).toEqual({ type: 'tags', id: 'tag-1', version: null, isDeleted: false });
    const row = (workspaceId: string, version: number) =>
      api.rows(`insert into workspace_data (workspace_id, entity_type, entity_id, payload, hash, version, observed_at,
        changed_at, deleted_at) values ('${workspaceId}', 'tags', 'tag-1', '{}', 'h', ${version}, now(), now(), now())`);
    await row(elsewhere.workspaceId, 9);
    expect((await detailOf(id)).entity).toMatchObject({ version: null });
    await row(owner.workspaceId, 3);
    expect((await detailOf(id)).entity).toEqual({ type: 'tags', id: 'tag-1', version: 3, isDeleted: true });
  });

  it.each(['0', '01', 'abc', '1e3', '9'.repeat(19), '-1', `1'--`])('is not found by the id %s', async (id) => {
    expect((await ask(`/${encodeURIComponent(id)}`)).status).toBe(404);
  });

  it('of another workspace is not found, nor replayed', async () => {
    const id = await receive({ id: '1' });
    await setState(id, 'parked');
    const foreign = api.mint.user(elsewhere);
    expect((await ask('', foreign)).json()).toEqual({ lines: [], next: null });
    for (const answer of [
      await ask(`/${id}`, foreign),
      await order(`/${id}/replay`, {}, foreign),
      await order('/replay', { ids: [id] }, foreign),
    ])
      expect([answer.status, answer.json()]).toEqual([404, expect.objectContaining({ error: 'not_found' })]);
    expect(await api.rows(`select state from webhook_events`)).toEqual([{ state: 'parked' }]);
  });
});

describe('a replay', () => {
  const states = async () =>
    (await api.rows('select state from webhook_events order by id')).map((row) => row['state']);

  it('of one is processed at once, and logged with the viewer and the reason', async () => {
    const id = await receive({ id: '1' });
    await setState(id, 'processed');
    woken = [];
    const answer = await order(`/${id}/replay`, { reason: 'Look again' });
    expect([answer.status, answer.json()]).toEqual([200, { effect: '1 delivery is processed again.' }]);
    expect([await states(), woken]).toEqual([['received'], [owner]]);
    const [line] = await api.rows('select verb, actor, reason, effect from operator_actions order by seq desc limit 1');
    expect(line).toEqual({
      verb: 'replayWebhooks',
      actor: viewer,
      reason: 'Look again',
      effect: '1 delivery is processed again.',
    });
  });

  it('of many, and of all that failed', async () => {
    const ids = [await receive({ id: '1' }), await receive({ id: '2' }), await receive({ id: '3' })];
    for (const id of ids) await setState(id, 'parked');
    await order('/replay', { ids: ids.slice(0, 1) });
    expect(await states()).toEqual(['received', 'parked', 'parked']);
    const answer = await order('/replay', { all: 'failed', reason: 'After the outage' });
    expect(answer.json()).toEqual({ effect: '2 deliveries are processed again.' });
    expect(await states()).toEqual(['received', 'received', 'received']);
  });

  it('of what cannot be understood is a conflict, told in a sentence', async () => {
    const id = await receive(Buffer.from('{'));
    for (const answer of [await order(`/${id}/replay`), await order('/replay', { ids: [id] })])
      expect([answer.status, answer.json()]).toEqual([
        409,
        expect.objectContaining({
          error: 'conflict',
          detail: 'A delivery that cannot be understood cannot be processed, now or later.',
        }),
      ]);
    expect(await states()).toEqual(['quarantined']);
  });

  it.each([
    {},
    { ids: [] },
    { ids: ['1; drop table x'] },
    { ids: [1] },
    { ids: Array.from({ length: 201 }, (_, n) => String(n + 1)) },
    { all: 'everything' },
    { all: 'failed', ids: ['1'] },
    { all: 'failed', reason: 'x'.repeat(501) },
    { all: 'failed', by: 'eve' },
  ])('refuses the body %j', async (body) => {
    expect((await order('/replay', body)).status).toBe(422);
  });
});

describe.each([
  ['GET', ''],
  ['GET', '/1'],
  ['GET', '/events'],
  ['POST', '/replay'],
  ['POST', '/1/replay'],
] as const)('%s /ui/webhooks%s', (method, address) => {
  const call = (token: string) => (method === 'GET' ? ask(address, token) : order(address, { all: 'failed' }, token));

  it.each<[string, () => string, number]>([
    ['no token', () => '', 401],
    ['the token of a member', () => api.mint.user(owner, { workspaceRole: 'MEMBER' }), 403],
    ['an installation token', () => api.mint.installation(owner), 401],
    ['a lifecycle token', () => api.mint.lifecycle(owner), 401],
    ['a webhook token', () => tokens.NEW_TAG, 401],
    ['an add-on that is not installed', () => api.mint.user({ ...owner, addonId: 'd'.repeat(24) }), 403],
  ])('refuses %s', async (_, token, status) => {
    expect((await call(token())).status).toBe(status);
  });

  it('takes no token in the address', async () => {
    const path = `/ui/webhooks${address}?auth_token=${api.mint.user(owner)}`;
    expect((await api.send(path, { method })).status).toBe(401);
  });
});

test.each(['/replay', '/1/replay'])('POST %s asks Clockify whether the viewer still is an admin', async (address) => {
  isAdmin = false;
  expect((await order(address, { all: 'failed' })).status).toBe(403);
});
