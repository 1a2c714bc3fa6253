import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { install, openTestMirror, owner, stranger } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { loadLastDeliveries } from './last-deliveries.ts';
import { withWorkspace } from './orm.ts';
import { WebhookEvent } from './webhook-event.entity.ts';

let mirror: TestMirror;
beforeAll(async () => void (mirror = await openTestMirror()));
afterAll(() => mirror.close());
beforeEach(async () => {
  await mirror.reset();
  await install(mirror.orm);
});

let hash = 0;
const store = (event: string, window: string, last: string, { workspaceId, addonId }: InstallationRef = owner) =>
  withWorkspace(mirror.orm, workspaceId, (em) =>
    em.insert(WebhookEvent, {
      workspaceId,
      addonId,
      event,
      bodyHash: Buffer.alloc(32, (hash += 1)),
      windowStart: new Date(window),
      raw: Buffer.from('{}'),
      body: {},
      headers: {},
      state: 'processed',
      receivedAt: new Date(window),
      lastReceivedAt: new Date(last),
      dueAt: new Date(window),
    }),
  );

it('knows none before the first delivery', async () => {
  expect(await loadLastDeliveries(mirror.orm, owner)).toEqual({});
});

it('knows the newest of each event, repetitions included, and those of one installation', async () => {
  await install(mirror.orm, stranger);
  await store('NEW_TAG', '2026-11-21T10:00:00Z', '2026-11-21T10:09:00Z');
  await store('NEW_TAG', '2026-11-21T11:00:00Z', '2026-11-21T11:01:00Z');
  await store('NEW_TAG', '2026-11-21T11:00:00Z', '2026-11-21T11:05:00Z');
  await store('NEW_TASK', '2026-11-20T10:00:00Z', '2026-11-20T10:00:00Z');
  await store('NEW_TAG', '2026-11-21T12:00:00Z', '2026-11-21T12:00:00Z', stranger);
  expect(await loadLastDeliveries(mirror.orm, owner)).toEqual({
    NEW_TAG: '2026-11-21T11:05:00.000Z',
    NEW_TASK: '2026-11-20T10:00:00.000Z',
  });
});

it('leaves out what is no event of ours', async () => {
  await store('NEW_PLANET', '2026-11-21T10:00:00Z', '2026-11-21T10:00:00Z');
  expect(await loadLastDeliveries(mirror.orm, owner)).toEqual({});
});
