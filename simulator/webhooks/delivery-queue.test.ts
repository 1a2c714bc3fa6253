import { createHash } from 'node:crypto';
import { afterEach, expect, it } from '@jest/globals';
import { createDeliveryQueue } from './delivery-queue.ts';
import type { Delivery } from './delivery.ts';
import { allOn, type KnownHook } from './hook.ts';
import type { PlatformClock } from './platform-clock.ts';
import { createPoster } from './post.ts';
import { defaultSettings, type WebhookSettings } from './settings.ts';
import { createWaiters } from './waiters.ts';

const poster = createPoster(8);
afterEach(() => poster.close());

const dead: KnownHook = {
  hook: {
    ...allOn,
    id: 'hook',
    name: 'dead end',
    url: 'http://127.0.0.1:1/webhooks',
    webhookEvent: 'NEW_TAG',
    triggerSource: [],
    triggerSourceType: 'WORKSPACE_ID',
    userId: 'user',
    workspaceId: 'workspace',
    authToken: 'token',
  },
  addonId: null,
  isDeclared: false,
};

function deliveryOf(number: number): Delivery {
  const body = Buffer.from('{}');
  return {
    id: String(number),
    number,
    at: 0,
    event: 'NEW_TAG',
    workspaceId: 'workspace',
    hookId: 'hook',
    body,
    bodySha256: createHash('sha256').update(body).digest('hex'),
    headers: {},
    state: 'waiting',
    attempts: [],
  };
}

/** Sends to nobody, and answers every wait that was asked for; none of them takes any time. */
async function waitsOf(changes: Partial<WebhookSettings>, deliveries: readonly Delivery[]): Promise<number[]> {
  const waits: number[] = [];
  const clock: PlatformClock = {
    after(ms, run) {
      waits.push(ms);
      setImmediate(run);
    },
    waiting: 0,
    setSpeed: () => {},
    stop: () => {},
  };
  const waiters = createWaiters();
  const settings = { ...defaultSettings(1), ...changes };
  const queue = createDeliveryQueue({
    settings: () => settings,
    clock,
    poster,
    findLive: () => dead,
    now: () => 0,
    onStep: waiters.step,
  });
  for (const delivery of deliveries) queue.add(delivery);
  await waiters.until(() => deliveries.every(({ state }) => state === 'given-up'), 20_000, 'not given up');
  queue.close();
  return waits;
}

const twenty = () => Array.from({ length: 20 }, (_, index) => deliveryOf(index + 1));

it('waits 14 to 70 seconds between six attempts, each time anew', async () => {
  const deliveries = twenty();
  const waits = await waitsOf({}, deliveries);

  expect(deliveries.map(({ attempts }) => attempts.length)).toEqual(deliveries.map(() => 6));
  expect(waits).toHaveLength(100);
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(14_000);
  expect(Math.max(...waits)).toBeLessThanOrEqual(70_000);
  expect(new Set(waits).size).toBeGreaterThan(80);
});

it('draws the waits from the seed', async () => {
  const sorted = async (seed: number) => (await waitsOf({ seed }, twenty())).toSorted((a, b) => a - b);

  expect(await sorted(1)).toEqual(await sorted(1));
  expect(await sorted(1)).not.toEqual(await sorted(2));
});

it('delays the first attempt by as much as was set, at most', async () => {
  const waits = (await waitsOf({ delayMs: 9_000 }, twenty())).slice(0, 20);

  expect(Math.max(...waits)).toBeLessThanOrEqual(9_000);
  expect(new Set(waits).size).toBeGreaterThan(10);
});

it('collects for a second at most', async () => {
  const [first] = await waitsOf({ burst: 50 }, twenty());

  expect(first).toBe(1_000);
});
