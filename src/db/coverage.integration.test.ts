import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { install, openTestMirror, owner, stranger } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { webhookEvents } from '../domain/webhook-events.ts';
import { changeFeeds } from '../domain/webhook-states.ts';
import { loadCoverage, saveEventFindings, saveFeedFindings } from './coverage.ts';
import { applyDeleted } from './lifecycle.ts';
import { purgeInstallation } from './purge.ts';
import { listHeldWebhooks, saveRegisteredWebhook } from './registered-webhooks.ts';

let mirror: TestMirror;
beforeAll(async () => void (mirror = await openTestMirror()));
afterAll(() => mirror.close());
beforeEach(async () => {
  await mirror.reset();
  await install(mirror.orm);
});

const lineOf = async (event: string, ref = owner) =>
  (await loadCoverage(mirror.orm, ref)).events.find((line) => line.event === event);

describe('the coverage', () => {
  it('knows what INSTALLED brought, and of the rest that nobody tried', async () => {
    const { events, feeds, entities } = await loadCoverage(mirror.orm, owner);
    expect(events.map(({ event }) => event)).toEqual(webhookEvents);
    expect(events.filter(({ state }) => state !== null)).toEqual([
      { event: 'NEW_TAG', state: 'adopted', reason: null, at: expect.stringMatching(/Z$/) },
    ]);
    expect(feeds).toEqual(changeFeeds.map((feed) => ({ feed, state: null, reason: null, at: null })));
    expect(entities.find(({ entity }) => entity === 'tags')?.reason).toMatch(/^2 of 3 events do not arrive/);
  });

  it('keeps what was found last', async () => {
    const off = { event: 'NEW_TAG', state: 'disabled', reason: 'Off.' } as const;
    await saveEventFindings(mirror.orm, owner, [off, { event: 'NEW_TASK', state: 'failed', reason: 'No time.' }]);
    await saveEventFindings(mirror.orm, owner, [{ event: 'NEW_TASK', state: 'registered', reason: null }]);
    expect(await lineOf('NEW_TAG')).toMatchObject(off);
    expect(await lineOf('NEW_TASK')).toMatchObject({ state: 'registered', reason: null });
    await saveFeedFindings(
      mirror.orm,
      owner,
      changeFeeds.map((feed) => ({ feed, state: 'works', reason: null })),
    );
    const { entities } = await loadCoverage(mirror.orm, owner);
    expect(entities.find(({ entity }) => entity === 'tags')?.way).toBe('delta');
  });

  it('is that of one installation', async () => {
    await install(mirror.orm, stranger);
    await saveEventFindings(mirror.orm, owner, [{ event: 'NEW_TASK', state: 'registered', reason: null }]);
    expect(await lineOf('NEW_TASK', stranger)).toMatchObject({ state: null });
  });
});

describe('a registered webhook', () => {
  const made = { event: 'NEW_TASK', webhookId: 'hook-1', tokenDigest: 'digest-1' } as const;

  it('is held with its id and the digest of its token, and the newest token counts', async () => {
    await saveRegisteredWebhook(mirror.orm, owner, made);
    await saveRegisteredWebhook(mirror.orm, owner, { ...made, webhookId: 'hook-2', tokenDigest: 'digest-2' });
    expect(await listHeldWebhooks(mirror.orm, owner)).toContainEqual({
      event: 'NEW_TASK',
      kind: 'opaque',
      webhookId: 'hook-2',
    });
    const rows = await mirror.rows(
      `select path, kind, token_digest from webhook_registrations where event = 'NEW_TASK'`,
    );
    expect(rows).toEqual([{ path: '/webhooks/clockify/NEW_TASK', kind: 'opaque', token_digest: 'digest-2' }]);
  });

  it('never takes the place of one of the manifest', async () => {
    await saveRegisteredWebhook(mirror.orm, owner, { ...made, event: 'NEW_TAG' });
    expect(await listHeldWebhooks(mirror.orm, owner)).toEqual([
      { event: 'NEW_TAG', kind: 'manifest', webhookId: null },
    ]);
    const rows = await mirror.rows('select token_digest, webhook_id from webhook_registrations');
    expect(rows).toEqual([{ token_digest: 'hook', webhook_id: null }]);
  });
});

it('nothing is written for an installation that was purged meanwhile', async () => {
  await applyDeleted(mirror.orm, owner, 'r');
  await purgeInstallation(mirror.orm, owner);
  await saveRegisteredWebhook(mirror.orm, owner, { event: 'NEW_TASK', webhookId: 'hook-1', tokenDigest: 'digest-1' });
  await saveEventFindings(mirror.orm, owner, [{ event: 'NEW_TASK', state: 'registered', reason: null }]);
  await saveFeedFindings(mirror.orm, owner, [{ feed: 'created', state: 'works', reason: null }]);
  for (const table of ['webhook_registrations', 'webhook_event_states', 'change_feed_states']) {
    expect(await mirror.rows(`select * from ${table}`)).toEqual([]);
  }
});
