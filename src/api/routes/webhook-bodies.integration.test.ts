import { afterAll, beforeAll, beforeEach, describe, expect, it, test } from '@jest/globals';
import { startTestApi } from '../../../test/support/api.ts';
import type { TestApi } from '../../../test/support/api.ts';
import { deliver, duringOneWindow, installWithWebhooks, mintWebhookTokens } from '../../../test/support/deliveries.ts';
import type { WebhookTokens } from '../../../test/support/deliveries.ts';
import { bodies } from '../../../test/support/hostile-bodies.ts';
import { buildSampleBody } from '../../../test/support/sample-bodies.ts';
import { storeDeliveries } from '../../db/webhook-events.ts';
import { buildWebhookPath, webhookEvents } from '../../domain/webhook-events.ts';
import { digestToken } from '../../platform/token-digest.ts';

const owner = { workspaceId: 'a'.repeat(24), addonId: 'b'.repeat(24) };
const stranger = { workspaceId: 'e'.repeat(24), addonId: 'f'.repeat(24) };

let api: TestApi;
let tokens: WebhookTokens;
let strangersTokens: WebhookTokens;
const announced: string[] = [];
/** Who has sent too much, and has room for so many bytes. */
let flooding = '';
let room = -1;
beforeAll(async () => {
  const onDeliveries = (refs: readonly { workspaceId: string }[]) =>
    void announced.push(...refs.map(({ workspaceId }) => workspaceId));
  api = await startTestApi({
    deps: { onDeliveries, ingestLimit: (key, bytes) => (key === flooding && bytes > room ? 3 : 0) },
  });
  [tokens, strangersTokens] = [mintWebhookTokens(api, owner), mintWebhookTokens(api, stranger)];
  await installWithWebhooks(api, owner, tokens);
  await installWithWebhooks(api, stranger, strangersTokens);
});
afterAll(() => api.stop());
beforeEach(async () => {
  await duringOneWindow();
  announced.length = 0;
  [flooding, room] = ['', -1];
  await api.rows('truncate webhook_events');
});

const stored = () => api.rows('select * from webhook_events order by id');
const send = (body: unknown, event: (typeof webhookEvents)[number] = 'NEW_TAG') =>
  deliver(api, event, { token: tokens[event], body });

test('the sample of every event is stored, and refused with another workspace where it names one', async () => {
  for (const event of webhookEvents)
    expect((await send(buildSampleBody(event, owner.workspaceId), event)).status).toBe(200);
  const rows = await stored();
  expect(rows.map(({ event, body, state }) => ({ event, body, state }))).toEqual(
    webhookEvents.map((event) => ({ event, body: buildSampleBody(event, owner.workspaceId), state: 'received' })),
  );

  const foreign = await Promise.all(
    webhookEvents.map((event) => send(buildSampleBody(event, stranger.workspaceId), event)),
  );
  const accepted = webhookEvents.filter((_, index) => foreign[index]?.status === 200);
  expect(accepted.toSorted()).toEqual([
    'INVOICE_UPDATED',
    'NEW_INVOICE',
    'NEW_TASK',
    'TASK_DELETED',
    'TASK_UPDATED',
    'USER_ACTIVATED_ON_WORKSPACE',
    'USER_DEACTIVATED_ON_WORKSPACE',
    'USER_DELETED_FROM_WORKSPACE',
    'USER_EMAIL_CHANGED',
    'USER_JOINED_WORKSPACE',
    'USER_UPDATED',
  ]);
  expect(foreign.filter(({ status }) => status === 403)).toHaveLength(40);
  // Without a workspace in it the body is the same: it came a second time.
  expect(await stored()).toHaveLength(51);
});

test('a body that cannot be read is kept with its reason and answered with 200, and so are its neighbours', async () => {
  const neighbour = (index: number) => send({ index });
  const answers = await Promise.all(bodies.flatMap(([, body], index) => [send(body), neighbour(index)]));
  expect(answers.map(({ status }) => status)).toEqual(answers.map(() => 200));

  const rows = await stored();
  const found = new Map(rows.map((row) => [(row['raw'] as Buffer).toString('hex'), row]));
  const reasons = bodies.map(([name, body]) => {
    const { state, reason } = found.get(body.toString('hex')) ?? {};
    return [name, state, reason];
  });
  expect(reasons).toEqual(bodies.map(([name, , fault]) => [name, fault === null ? 'received' : 'quarantined', fault]));
  expect(rows.filter(({ body }) => Number.isInteger((body as { index?: number } | null)?.index))).toHaveLength(
    bodies.length,
  );
  expect((await api.metrics.webhookDeliveries.get()).values).toContainEqual({
    labels: { outcome: 'quarantined' },
    value: bodies.filter(([, , fault]) => fault !== null).length,
  });
  expect(Object.keys(Object.prototype)).toEqual([]);
});

test('what waits for processing is announced after it was stored; what is put aside is not', async () => {
  await send('no json');
  expect(announced).toEqual([]);
  await send({ id: 't1' });
  expect(announced).toEqual([owner.workspaceId]);
});

describe('stored in one batch', () => {
  const delivery = (body: string, changes: { ref?: typeof owner; token?: string } = {}) => {
    const { ref = owner, token = tokens.NEW_TAG } = changes;
    const path = buildWebhookPath('NEW_TAG');
    const raw = Buffer.from(body);
    return {
      ...ref,
      path,
      tokenDigest: digestToken(token),
      event: 'NEW_TAG',
      raw,
      fault: null,
      json: body,
      headers: {},
      requestId: 'r',
    };
  };

  it('each of several workspaces gets its own, with how often it came; a token that no longer counts brings nothing', async () => {
    const strangers = { ref: stranger, token: strangersTokens.NEW_TAG };
    const counts = await storeDeliveries(api.orm, [
      delivery('{"n":1}', strangers),
      delivery('{"n":1}'),
      delivery('{"n":2}', { token: strangersTokens.NEW_TAG }),
      delivery('{"n":1}'),
      delivery('{"n":3}', { ref: { ...owner, addonId: 'c'.repeat(24) } }),
      delivery('{"n":1}', strangers),
      delivery('{"n":4}', { ref: stranger, token: tokens.NEW_TAG }),
    ]);
    expect(counts.map((count) => count === null)).toEqual([false, false, true, false, true, false, true]);
    expect(new Set([counts[0], counts[5]])).toEqual(new Set([1, 2]));
    const rows = await stored();
    const found = Object.fromEntries(rows.map((row) => [row['workspace_id'], row['deliveries']]));
    expect(found).toEqual({ [owner.workspaceId]: 2, [stranger.workspaceId]: 2 });
    expect(rows).toHaveLength(2);
  });

  it.each([
    ['a NUL character', '{"v":"\\u0000"}'],
    ['a lone surrogate', '{"v":"\\ud800"}'],
    ['half an object', '{'],
    ['a number beyond numeric', '{"v":1e999999}'],
    ['more levels than its stack holds', '['.repeat(50_000)],
  ])('what only Postgres finds wrong is quarantined: %s', async (_, body) => {
    expect(await storeDeliveries(api.orm, [delivery('{"n":1}'), delivery(body), delivery('{"n":2}')])).toEqual([
      1, 1, 1,
    ]);
    const rows = await stored();
    expect(rows.filter(({ state }) => state === 'received')).toHaveLength(2);
    expect(rows.filter(({ state }) => state === 'quarantined')).toMatchObject([
      { raw: Buffer.from(body), body: null, reason: 'not_storable' },
    ]);
  });

  it('never waits in a circle for another batch, whatever the orders', async () => {
    const texts = Array.from({ length: 100 }, (_, index) => `{"n":${index}}`);
    const all = [
      ...texts.map((text) => delivery(text)),
      ...texts.map((text) => delivery(text, { ref: stranger, token: strangersTokens.NEW_TAG })),
    ];
    const batches = Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? all : all.toReversed()));
    const counts = await Promise.all(batches.map((batch) => storeDeliveries(api.orm, batch)));
    expect(counts.flat().every((count) => count !== null)).toBe(true);
    const [sum] = await api.rows(
      'select count(*)::int as rows, sum(deliveries)::int as deliveries from webhook_events',
    );
    expect(sum).toEqual({ rows: 200, deliveries: 2_400 });
  });
});

test('an installation that sends too much is told when to come again; others are not in its way', async () => {
  flooding = `${owner.workspaceId}:${owner.addonId}`;
  const answer = await send({ id: 't1' });
  expect(answer.status).toBe(429);
  expect(answer.headers['retry-after']).toBe('3');
  expect(await stored()).toEqual([]);
  expect((await deliver(api, 'NEW_TAG', { token: strangersTokens.NEW_TAG })).status).toBe(200);
});

test.each([
  ['announced', false],
  ['not announced', true],
])('a large delivery takes more room than a small one, its length %s', async (_, chunked) => {
  [flooding, room] = [`${owner.workspaceId}:${owner.addonId}`, 1_000];
  const large = { token: tokens.NEW_TAG, body: { filler: 'x'.repeat(2_000) }, chunked };
  expect((await deliver(api, 'NEW_TAG', large)).status).toBe(429);
  expect(await stored()).toEqual([]);
  expect((await send({ id: 't1' })).status).toBe(200);
});

test('a body that announces to be too large is refused for that, and not for a lack of room', async () => {
  [flooding, room] = [`${owner.workspaceId}:${owner.addonId}`, 1_000];
  const body = { filler: 'x'.repeat(6 * 1024 * 1024) };
  expect((await deliver(api, 'NEW_TAG', { token: tokens.NEW_TAG, body })).status).toBe(413);
});
