import { afterEach, describe, expect, it } from '@jest/globals';
import { importSPKI, jwtVerify } from 'jose';
import type { AddonAnswer, ReceivedCall } from '../test-support/receiving-addon.ts';
import { startWatched, type Watched } from '../test-support/watched.ts';
import type { WebhookSettings } from './settings.ts';

let watched: Watched;

afterEach(() => watched.close());

async function start(answer: (call: ReceivedCall) => AddonAnswer | Promise<AddonAnswer> = () => 204): Promise<void> {
  watched = await startWatched({ events: ['NEW_TAG', 'TAG_UPDATED'], answer });
}

const set = (settings: Partial<WebhookSettings>) => watched.simulator.setWebhooks(watched.workspaceId, settings);
const addTags = (insert: number) => watched.simulator.mutate(watched.workspaceId, { entity: 'tags', insert }).inserted;
const settle = (timeoutMs?: number) => watched.simulator.settleDeliveries(watched.workspaceId, timeoutMs);
const receivedIds = () => watched.addon.webhooks().map(({ body }) => String(body['id']));

/** Answers from a list, and 204 when it is used up. */
function inTurn(...answers: AddonAnswer[]): () => AddonAnswer {
  return () => answers.shift() ?? 204;
}

describe('one delivery', () => {
  it('is a bare body under the token that INSTALLED named, the event in a header alone', async () => {
    await start();
    const [id] = addTags(1);
    await settle();
    const [call] = watched.addon.webhooks();
    const named = watched.install.webhooks.find(({ event }) => event === 'NEW_TAG');
    const key = await importSPKI(watched.simulator.publicKeyPem, 'RS256');
    const { payload } = await jwtVerify(String(call?.headers['clockify-signature']), key);

    expect([call?.method, call?.path]).toEqual(['POST', '/webhooks/NEW_TAG']);
    expect(call?.headers).toMatchObject({
      'content-type': 'application/json',
      'clockify-signature': named?.authToken,
      'clockify-webhook-event-type': 'NEW_TAG',
      'idempotency-key': expect.any(String),
    });
    expect(payload).toMatchObject({ workspaceId: watched.workspaceId, sub: 'receiving-addon' });
    expect(payload).not.toHaveProperty('exp');
    expect(call?.body['id']).toBe(id);
  });

  it.each([200, 201, 204, 299])('ends with %i', async (status) => {
    await start(() => status);
    addTags(1);

    expect(await settle()).toMatchObject({ deliveries: 1, attempts: 1, acknowledged: 1, statuses: { [status]: 1 } });
  });

  it.each<AddonAnswer>([301, 400, 401, 404, 413, 429, 500, 503, 'reset'])(
    'is repeated after %s, byte for byte, but for its idempotency key',
    async (answer) => {
      await start(inTurn(answer, answer));
      addTags(1);
      await settle();
      const calls = watched.addon.webhooks();
      const keyless = calls.map(({ raw, headers }) => ({ raw, headers: { ...headers, 'idempotency-key': '' } }));

      expect(calls).toHaveLength(3);
      expect(keyless).toEqual([keyless[0], keyless[0], keyless[0]]);
      expect(new Set(calls.map(({ headers }) => headers['idempotency-key'])).size).toBe(3);
    },
  );

  it('is repeated when no answer comes in time', async () => {
    await start(inTurn('silent'));
    set({ timeoutMs: 50 });
    addTags(1);

    expect(await settle()).toMatchObject({ attempts: 2, acknowledged: 1, statuses: { none: 1, 204: 1 } });
  });

  it('is given up after six attempts', async () => {
    await start(() => 500);
    addTags(1);

    expect(await settle()).toMatchObject({ attempts: 6, acknowledged: 0, unacknowledged: 0, givenUp: 1 });
    expect(watched.addon.webhooks()).toHaveLength(6);
  });

  it('is told of in the ledger: time, event, webhook, digest, status, milliseconds', async () => {
    await start(inTurn(503));
    addTags(1);
    await settle();
    const [delivery] = watched.simulator.deliveries(watched.workspaceId);
    const attempt = { at: expect.any(Number), ms: expect.any(Number), idempotencyKey: expect.any(String), answer: '' };

    expect(delivery).toMatchObject({
      number: 1,
      event: 'NEW_TAG',
      workspaceId: watched.workspaceId,
      hookId: watched.hookId('NEW_TAG'),
      bodySha256: expect.stringMatching(/^[\da-f]{64}$/),
      state: 'acknowledged',
      attempts: [
        { ...attempt, status: 503 },
        { ...attempt, status: 204 },
      ],
    });
    expect(delivery).not.toHaveProperty('body');
    const { body } = watched.simulator.delivery(watched.workspaceId, delivery?.id ?? '');
    expect(body).toEqual(watched.addon.webhooks()[0]?.raw);
  });
});

describe('many deliveries', () => {
  it('are under way sixteen at once, at most', async () => {
    let open = 0;
    let most = 0;
    await start(async () => {
      most = Math.max(most, (open += 1));
      await new Promise(setImmediate);
      open -= 1;
      return 204;
    });
    addTags(100);

    expect(await settle()).toMatchObject({ acknowledged: 100 });
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(16);
  });

  it('wait while paused, and leave on resuming', async () => {
    await start();
    set({ paused: true });
    const ids = addTags(3);

    expect(await settle()).toMatchObject({ attempts: 0, unacknowledged: 3 });
    set({ paused: false });
    expect(await settle()).toMatchObject({ acknowledged: 3 });
    expect(receivedIds().toSorted()).toEqual(ids.toSorted());
  });

  it('follow a new speed while they wait', async () => {
    await start(inTurn(500));
    set({ speed: 0.001 });
    addTags(1);

    await expect(settle(100)).rejects.toThrow('still open');
    set({ speed: 10_000 });
    expect(await settle()).toMatchObject({ acknowledged: 1 });
  });

  it('are forgotten once they have ended', async () => {
    await start();
    addTags(2);
    await settle();
    watched.simulator.resetDeliveries(watched.workspaceId);

    expect(watched.simulator.deliverySummary()).toMatchObject({ deliveries: 0, attempts: 0 });
  });
});

describe('troubles', () => {
  it('repeat a share after a 2xx, byte for byte', async () => {
    await start();
    set({ duplicate: 1 });
    const ids = addTags(5);

    expect(await settle()).toMatchObject({ attempts: 10, acknowledged: 5, repeatedAfter2xx: 5 });
    const bodies = watched.addon.webhooks().map(({ raw }) => raw.toString());
    expect(receivedIds().toSorted()).toEqual([...ids, ...ids].toSorted());
    expect(new Set(bodies).size).toBe(5);
  });

  it('lose a share for good', async () => {
    await start();
    set({ drop: 0.3 });
    addTags(100);
    const { dropped, acknowledged } = await settle();

    expect(dropped + acknowledged).toBe(100);
    expect(dropped).toBeGreaterThan(10);
    expect(dropped).toBeLessThan(60);
    expect(receivedIds()).toHaveLength(acknowledged);
  });

  it.each([
    ['a reordered burst', { burst: 10, reorder: true, concurrency: 1 }],
    ['delays', { delayMs: 30_000, concurrency: 1 }],
  ])('%s changes the order and loses nothing', async (_name, settings) => {
    await start();
    set(settings);
    const ids = addTags(20);

    expect(await settle()).toMatchObject({ acknowledged: 20 });
    expect(receivedIds()).not.toEqual(ids);
    expect(receivedIds().toSorted()).toEqual(ids.toSorted());
  });

  it('a burst that nobody fills leaves after a second', async () => {
    await start();
    set({ burst: 1_000 });
    addTags(3);

    expect(await settle()).toMatchObject({ acknowledged: 3 });
  });

  it('strike the same deliveries whenever the number is the same', async () => {
    const struck = async () => {
      await start();
      set({ drop: 0.2, duplicate: 0.3, burst: 8, reorder: true, concurrency: 1, seed: 42 });
      const ids = addTags(40);
      await settle();
      const lines = watched.simulator.deliveries().map(({ state, attempts }) => [state, attempts.length]);
      return { lines, order: [...new Set(receivedIds())].map((id) => ids.indexOf(id)) };
    };
    const first = await struck();
    await watched.close();

    expect(await struck()).toEqual(first);
  });

  it('come as a schedule from a number, and end in calm', async () => {
    await start();
    const steps = watched.simulator.troubleWebhooks(watched.workspaceId, { seed: 3, steps: 6, stepMs: 5_000 });
    const ids = addTags(30);

    expect(steps).toHaveLength(6);
    expect(await settle()).toMatchObject({ acknowledged: 30, unacknowledged: 0, dropped: 0 });
    expect(new Set(receivedIds())).toEqual(new Set(ids));
    expect(set({})).toMatchObject({ paused: false, duplicate: 0, delayMs: 0, burst: 0, reorder: false, drop: 0 });
  });
});

it('settles at once where nothing was sent', async () => {
  await start();

  expect(await settle()).toMatchObject({ deliveries: 0 });
});
