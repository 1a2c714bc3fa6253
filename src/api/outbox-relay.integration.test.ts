import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startTestApi } from '../../test/support/api.ts';
import type { TestApi } from '../../test/support/api.ts';
import { deliverOutbox } from '../db/outbox.ts';
import type { PendingMessage } from '../db/outbox.ts';
import { AddonError } from '../domain/errors.ts';
import { createLogger } from '../platform/logger.ts';
import { createOutboxRelay } from './outbox-relay.ts';

const owner = { workspaceId: 'a'.repeat(24), addonId: 'b'.repeat(24) };

let api: TestApi;
beforeAll(async () => void (api = await startTestApi()));
afterAll(() => api.stop());
beforeEach(() => api.reset());

const call = (event: string, body: object, requestId: string) =>
  api.send(`/lifecycle/${event}`, {
    method: 'POST',
    headers: { 'x-addon-lifecycle-token': api.mint.lifecycle(owner), 'x-request-id': requestId },
    body: { ...owner, ...body },
  });
const install = (requestId: string) =>
  call('installed', { authToken: api.mint.installation(owner), apiUrl: 'https://api.clockify.me/api' }, requestId);

/** A relay over the real outbox; `deliver` resolves or rejects, and `delivered` fulfils after so many successes. */
function startRelay(deliver: (message: PendingMessage) => Promise<void>, expected: number) {
  const seen: string[] = [];
  const done = Promise.withResolvers<void>();
  const relay = createOutboxRelay({
    prepare: api.intake.drain,
    deliver: () =>
      deliverOutbox(api.orm, async (message) => {
        await deliver(message);
        seen.push(`${message.event} ${message.payload.requestId}`);
        if (seen.length === expected) done.resolve();
      }),
    log: createLogger('silent'),
    pollMs: 5,
  });
  relay.start();
  return { relay, seen, delivered: done.promise };
}

test('what the API took reaches Temporal in its order, with the id of its request', async () => {
  await install('r1');
  await call('status-changed', { status: 'INACTIVE' }, 'r2');
  await call('status-changed', { status: 'ACTIVE' }, 'r3');
  await call('deleted', {}, 'r4');
  const { relay, seen, delivered } = startRelay(() => Promise.resolve(), 4);
  await delivered;
  await relay.stop();
  expect(seen).toEqual(['installed r1', 'status-changed r2', 'status-changed r3', 'deleted r4']);
  expect(await api.rows('select * from outbox')).toEqual([]);
});

test('while Temporal is away nothing is lost, and the API still takes calls', async () => {
  let attempts = 0;
  await install('r1');
  const { relay, seen, delivered } = startRelay(() => {
    attempts += 1;
    const away = new AddonError('temporal_unavailable', 'Temporal does not answer at the moment.');
    return attempts < 3 ? Promise.reject(away) : Promise.resolve();
  }, 2);
  expect((await call('deleted', {}, 'r2')).status).toBe(204);
  await delivered;
  await relay.stop();
  expect(attempts).toBeGreaterThanOrEqual(3);
  expect(seen).toEqual(['installed r1', 'deleted r2']);
});
