import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import { startTestApi } from '../../../test/support/api.ts';
import type { TestApi } from '../../../test/support/api.ts';
import { deliver, duringOneWindow, installWithWebhooks, mintWebhookTokens } from '../../../test/support/deliveries.ts';
import type { WebhookTokens } from '../../../test/support/deliveries.ts';
import { addTombstone } from '../../db/tombstones.ts';
import { withWorkspace } from '../../db/orm.ts';

const stranger = { workspaceId: 'e'.repeat(24), addonId: 'f'.repeat(24) };

let api: TestApi;
let tokens: WebhookTokens;
/** Another one for each test: what is known of an installation is known for a second. */
let owner = { workspaceId: '0'.repeat(24), addonId: 'b'.repeat(24) };
beforeAll(async () => void (api = await startTestApi()));
afterAll(() => api.stop());
beforeEach(async () => {
  await duringOneWindow();
  await api.reset();
  owner = { ...owner, workspaceId: String(Number(owner.workspaceId) + 1).padStart(24, '0') };
  tokens = mintWebhookTokens(api, owner);
});

const send = (body: unknown, token: string = tokens.NEW_TAG) => deliver(api, 'NEW_TAG', { token, body });
const count = async (table: string) =>
  Number((await api.rows(`select count(*)::int as count from ${table}`))[0]?.['count']);

test('what comes before, during and after INSTALLED is all there', async () => {
  const statuses: number[] = [];
  const sendAll = async (from: number, to: number): Promise<void> => {
    const answers = await Promise.all(Array.from({ length: to - from }, (_, index) => send({ id: from + index })));
    statuses.push(...answers.map(({ status }) => status));
  };
  await sendAll(0, 20);
  expect(new Set(statuses)).toEqual(new Set([503]));
  expect(await count('webhook_events')).toBe(0);
  await Promise.all([sendAll(20, 35), installWithWebhooks(api, owner, tokens)]);
  await sendAll(35, 50);
  expect(statuses.slice(35).every((status) => status === 200)).toBe(true);

  expect(await count('early_webhooks')).toBe(0);
  const rows = await api.rows('select body, state, deliveries from webhook_events');
  const ids = rows.map(({ body }) => (body as { id: number }).id).toSorted((a, b) => a - b);
  expect(ids).toEqual(Array.from({ length: 50 }, (_, index) => index));
  expect(rows.every(({ state, deliveries }) => state === 'received' && deliveries === 1)).toBe(true);
});

describe('a delivery that came too early', () => {
  it('is one row however often it comes, also after it was adopted', async () => {
    for (let times = 0; times < 3; times += 1) {
      const answer = await send({ id: 't1' });
      expect(answer.status).toBe(503);
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
    expect(await api.rows('select deliveries from early_webhooks')).toEqual([{ deliveries: 3 }]);
    await installWithWebhooks(api, owner, tokens);
    expect((await send({ id: 't1' })).status).toBe(200);
    expect(await api.rows('select deliveries from webhook_events')).toEqual([{ deliveries: 4 }]);
  });

  it('stays quarantined when it is adopted', async () => {
    await send('{"v":"\\u0000"}');
    await installWithWebhooks(api, owner, tokens);
    const [row] = await api.rows('select state, reason, body from webhook_events');
    expect(row).toEqual({ state: 'quarantined', reason: 'character_not_storable', body: { v: '\ufffd' } });
  });

  it('is adopted only with the token that INSTALLED names for its path', async () => {
    await send({ id: 't1' }, api.mint.webhook(owner));
    await installWithWebhooks(api, owner, tokens);
    expect(await count('webhook_events')).toBe(0);
  });

  it('is not adopted after an hour, and forgotten with the next one of whatever workspace', async () => {
    await send({ id: 't1' });
    await api.rows(`update early_webhooks set received_at = received_at - interval '61 minutes'`);
    await installWithWebhooks(api, owner, tokens);
    expect(await count('webhook_events')).toBe(0);
    await send({ id: 't2' }, api.mint.webhook(stranger));
    expect(await api.rows('select workspace_id from early_webhooks')).toEqual([{ workspace_id: stranger.workspaceId }]);
  });

  it('is not kept when its workspace has a thousand waiting, which is nobody else’s matter', async () => {
    await send({ id: 't1' });
    await api.rows(`insert into early_webhooks
      select (jsonb_populate_record(e, jsonb_build_object('body_hash', '\\x' || to_hex(n)))).*
      from early_webhooks e, generate_series(4096, 5094) n`);
    expect(await count('early_webhooks')).toBe(1_000);
    expect((await send({ id: 't2' })).status).toBe(503);
    expect(await count('early_webhooks')).toBe(1_000);
    await send({ id: 't2' }, api.mint.webhook(stranger));
    expect(await count('early_webhooks')).toBe(1_001);
  });

  it('is not kept for an installation that was purged', async () => {
    await withWorkspace(api.orm, owner.workspaceId, (em) => addTombstone(em, owner));
    expect((await send({ id: 't1' })).status).toBe(503);
    expect(await count('early_webhooks')).toBe(0);
    await api.rows('truncate tombstones');
  });

  it('must be proven like any other: no row for a forged, foreign or contradicting one', async () => {
    const refused: [unknown, string, number][] = [
      [{}, `${tokens.NEW_TAG.slice(0, -4)}AAAA`, 401],
      [{}, api.mint.user(owner), 401],
      [{}, api.mint.lifecycle(owner), 401],
      [{}, api.mint.webhook(owner, { sub: 'other' }), 401],
      [{ workspaceId: stranger.workspaceId }, tokens.NEW_TAG, 403],
    ];
    for (const [body, token, status] of refused) expect((await send(body, token)).status).toBe(status);
    const query = `?workspaceId=${owner.workspaceId}&addonId=${owner.addonId}`;
    expect((await deliver(api, 'NEW_TAG', { token: 'x'.repeat(32), query })).status).toBe(401);
    const otherEvent = { 'Clockify-Webhook-Event-Type': 'NEW_TASK' };
    expect((await deliver(api, 'NEW_TAG', { token: tokens.NEW_TAG, headers: otherEvent })).status).toBe(401);
    expect(await count('early_webhooks')).toBe(0);
  });
});
