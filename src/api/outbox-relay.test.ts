import { expect, test } from '@jest/globals';
import type { DeliveryResult } from '../db/outbox.ts';
import { createLogger } from '../platform/logger.ts';
import { createOutboxRelay } from './outbox-relay.ts';

const nothing: DeliveryResult = { delivered: 0, failures: [] };
const message = { id: '1', workspaceId: 'w', addonId: 'a', event: 'installed', payload: { requestId: 'r' } } as const;

/** A relay that answers from a list, and tells how often it was asked. */
function startRelay(results: (DeliveryResult | Error)[], prepared: boolean[] = [], pollMs = 60_000) {
  const lines: string[] = [];
  let calls = 0;
  const waiting: { count: number; resolve: () => void }[] = [];
  const relay = createOutboxRelay({
    prepare: () => Promise.resolve(prepared.shift() ?? true),
    deliver: async () => {
      calls += 1;
      for (const { count, resolve } of waiting) if (calls >= count) resolve();
      const result = results.shift() ?? nothing;
      if (result instanceof Error) throw result;
      return result;
    },
    log: createLogger('info', { write: (line) => void lines.push(line) }),
    pollMs,
  });
  const called = (count: number): Promise<void> =>
    calls >= count ? Promise.resolve() : new Promise((resolve) => waiting.push({ count, resolve }));
  relay.start();
  return { relay, lines, called, calls: () => calls };
}

test('it goes on at once while there is more', async () => {
  const { relay, called, calls } = startRelay([
    { delivered: 20, failures: [] },
    { delivered: 3, failures: [] },
  ]);
  await called(3);
  await relay.stop();
  expect(calls()).toBe(3);
});

test('an idle relay is woken by what was just written', async () => {
  const { relay, called } = startRelay([]);
  await called(1);
  relay.wake();
  await called(2);
  relay.wake();
  await called(3);
  await relay.stop();
});

test('a wake during a batch is not forgotten', async () => {
  const { relay, called } = startRelay([]);
  relay.wake();
  await called(2);
  await relay.stop();
});

test('it polls by itself', async () => {
  const { relay, called } = startRelay([], [], 1);
  await called(3);
  await relay.stop();
});

test('a message that could not be delivered is logged and tried again', async () => {
  const { relay, called, lines } = startRelay(
    [{ delivered: 0, failures: [{ message, error: new Error('away') }] }],
    [],
    1,
  );
  await called(2);
  await relay.stop();
  expect(lines.join('')).toMatch(/outbox message kept/);
  expect(JSON.parse(String(lines[0]))).toMatchObject({ event: 'installed', requestId: 'r', err: { message: 'away' } });
});

test('a database that is away does not end it', async () => {
  const { relay, called, lines } = startRelay([new Error('ECONNREFUSED')], [false], 1);
  await called(2);
  await relay.stop();
  expect(lines.join('')).toMatch(/outbox not reachable/);
});

test('stopping waits for the batch under way and starts no other', async () => {
  const { relay, called, calls } = startRelay([]);
  await called(1);
  await relay.stop();
  relay.wake();
  await new Promise(setImmediate);
  expect(calls()).toBe(1);
});

test('a relay that never started stops at once', async () => {
  const relay = createOutboxRelay({
    prepare: () => Promise.resolve(true),
    deliver: () => Promise.resolve(nothing),
    log: createLogger('silent'),
  });
  await expect(relay.stop()).resolves.toBeUndefined();
});
