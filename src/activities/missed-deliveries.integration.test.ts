import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { tooMany, useDeafAddon } from '../../test/support/deaf-addon.ts';
import { saveEventFindings } from '../db/coverage.ts';
import { withWorkspace } from '../db/orm.ts';
import { WebhookEvent } from '../db/webhook-event.entity.ts';
import { readMissed } from './missed-deliveries.ts';
import type { MissedRead } from './missed-deliveries.ts';
import { createRefreshActivities, readChanges } from './refresh.ts';
import type { RefreshDue } from './refresh.ts';

const addon = useDeafAddon();
const { simulator, workspaceId, addRun, register, rename, giveUp, firstKeys, asked, missed } = addon;

const plan = async (): Promise<RefreshDue> => {
  const due = await createRefreshActivities(addon.deps()).planRefresh({ ...addon.ref(), isCatchingUp: true });
  if (due === null) throw new Error('something is due');
  return due;
};
async function readLog(): Promise<MissedRead> {
  const { rescan } = await plan();
  return readMissed(addon.deps(), { ...addon.ref(), rescan }, AbortSignal.timeout(60_000));
}

describe('a row that was made and changed while nobody took deliveries', () => {
  it.each([
    ['tags', 'name'],
    ['projects', 'name'],
    ['time_entries', 'description'],
  ] as const)('is told by the log alone, and counted: %s', async (entity, field) => {
    await addRun({ [entity]: tooMany, holidays: 1 });
    await register();
    const [id = ''] = simulator().mutate(workspaceId(), { entity, insert: 1 }).inserted;
    rename(id, entity, field);
    await giveUp();

    const { delta, rescan, lookedAt } = await plan();
    expect(rescan).not.toContain(entity);
    await readChanges(addon.deps(), { ...addon.ref(), delta, lookedAt });
    expect(await addon.live().differences(entity, [id])).toEqual([id]);

    expect(await readMissed(addon.deps(), { ...addon.ref(), rescan }, AbortSignal.timeout(60_000))).toEqual({
      overdue: [],
      refused: [],
    });
    expect(await addon.live().differences(entity, [id])).toEqual([]);
    expect(await missed()).toEqual([{ entity, missed: 1 }]);
    expect(await addon.live().mirror.rows('select source, version from workspace_data')).toEqual([
      { source: 'event', version: 1 },
    ]);
  });

  it('is fetched once, however many deliveries name it, and counted once', async () => {
    await addRun({ tags: tooMany });
    await register();
    const [tag = ''] = firstKeys('tags', 1);
    for (let times = 0; times < 5; times++) rename(tag);
    await giveUp();
    await readLog();
    await readLog();
    expect(asked('getTag')).toBe(2);
    expect(await missed()).toEqual([{ entity: 'tags', missed: 1 }]);
  });
});

describe('no more is fetched again than is needed', () => {
  it.each([
    ['nothing of a delivery that came after all', 60, 0],
    ['but what one is about of which only the like came before', -60, 1],
  ])('%s', async (_, seconds, fetches) => {
    await addRun({ tags: tooMany });
    await register();
    rename(firstKeys('tags', 1)[0] ?? '');
    await giveUp();
    const [failed] = simulator().deliveries(workspaceId());
    const { body } = simulator().delivery(workspaceId(), failed?.id ?? '');
    const at = new Date(Date.now() + seconds * 1_000);
    await withWorkspace(addon.deps().orm, addon.ref().workspaceId, (em) =>
      em.insert(WebhookEvent, {
        ...addon.ref(),
        event: failed?.event ?? '',
        bodyHash: createHash('sha256').update(body).digest(),
        windowStart: new Date(Math.floor(at.getTime() / 600_000) * 600_000),
        raw: body,
        body: {},
        headers: {},
        receivedAt: at,
        lastReceivedAt: at,
        state: 'processed',
        dueAt: at,
      }),
    );
    await readLog();
    expect(asked('getTag')).toBe(fetches);
  });

  it('nothing of what was made up for before', async () => {
    await addRun({ tags: tooMany });
    await register();
    rename(firstKeys('tags', 1)[0] ?? '');
    await giveUp();
    const { lookedAt } = await plan();
    await createRefreshActivities(addon.deps()).noteCaughtUp({ ...addon.ref(), at: lookedAt + 16 * 60_000 });
    await readLog();
    expect(asked('getTag')).toBe(0);
  });

  it('nothing of kinds that are read whole anyway: not even the log is read', async () => {
    await addRun({ tags: 1, holidays: 1 });
    await register();
    rename(firstKeys('tags', 1)[0] ?? '');
    await giveUp();
    await readLog();
    expect(asked()).toBe(0);
  });

  it('nothing by rows that say nothing, while the others count', async () => {
    await addRun({ tags: tooMany });
    await register();
    const [first = '', second = ''] = firstKeys('tags', 2);
    const event = 'TAG_UPDATED';
    simulator().fireWebhook(workspaceId(), { event, rawBody: '{"id":' });
    simulator().fireWebhook(workspaceId(), { event, body: { name: 'without an id' } });
    simulator().fireWebhook(workspaceId(), { event, body: { id: first, workspaceId: 'f'.repeat(24) } });
    simulator().fireWebhook(workspaceId(), { event, body: { id: second } });
    await giveUp();
    expect(await readLog()).toEqual({ overdue: [], refused: [] });
    expect(asked('getTag')).toBe(1);
    expect(await addon.live().differences('tags', [second])).toEqual([]);
  });

  it('nothing that Clockify refuses, and the rest is', async () => {
    await addRun({ tags: tooMany });
    await register();
    const keys = firstKeys('tags', 2);
    for (const key of keys) rename(key);
    await giveUp();
    simulator().addFault(workspaceId(), { kind: 'status', status: 400, operationId: 'getTag', times: 1 });
    const { refused } = await readLog();
    expect(refused).toEqual([expect.stringMatching(/^tags\/id\/\w{24}: clockify_request_wrong$/)]);
    expect(await addon.live().differences('tags', keys)).toHaveLength(1);
  });
});

it('a kind of which more deliveries failed than it is worth to read is read whole', async () => {
  await addRun({ tags: tooMany, clients: tooMany });
  await register();
  const [client = ''] = firstKeys('clients', 1);
  rename(client, 'clients');
  for (let number = 0; number < 501; number++) {
    const id = number.toString(16).padStart(24, '0');
    simulator().fireWebhook(workspaceId(), { event: 'TAG_UPDATED', body: { id } });
  }
  await giveUp();
  simulator().resetLedger();
  expect(await readLog()).toEqual({ overdue: ['tags'], refused: [] });
  // Sixty pages of one log, and one of each other event about tags and clients.
  expect(asked('getLogsForWebhook')).toBe(60 + 5);
  expect([asked('getTag'), asked('getClient')]).toEqual([0, 1]);
  expect(await addon.live().differences('clients', [client])).toEqual([]);
}, 60_000);

describe('where Clockify does not open its webhooks to us', () => {
  it('nothing is asked, and nothing fails', async () => {
    simulator().setWebhooks(workspaceId(), { open: false });
    await addRun({ tags: tooMany });
    await register();
    expect(await readLog()).toEqual({ overdue: [], refused: [] });
    expect(asked()).toBe(0);
  });

  it('any more, one refused request tells so', async () => {
    await addRun({ tags: tooMany });
    await register();
    const [tag = ''] = firstKeys('tags', 1);
    rename(tag);
    await giveUp();
    simulator().setWebhooks(workspaceId(), { open: false });
    expect(await readLog()).toEqual({ overdue: [], refused: [] });
    expect(asked()).toBe(1);
    expect(await addon.live().differences('tags', [tag])).toEqual([tag]);
  });

  it('any more, and the registering of another event found so before, nothing is asked', async () => {
    await addRun({ tags: tooMany });
    await register();
    simulator().setWebhooks(workspaceId(), { open: false });
    await saveEventFindings(addon.deps().orm, addon.ref(), [
      { event: 'NEW_CLIENT', state: 'not_accessible', reason: null },
    ]);
    expect(await readLog()).toEqual({ overdue: [], refused: [] });
    expect(asked()).toBe(0);
  });

  it('a log that is closed alone tells nothing', async () => {
    await addRun({ tags: tooMany });
    await register();
    rename(firstKeys('tags', 1)[0] ?? '');
    await giveUp();
    simulator().addFault(workspaceId(), { kind: 'feature-gated', status: 403, operationId: 'getLogsForWebhook' });
    expect(await readLog()).toEqual({ overdue: [], refused: [] });
    expect(asked('getLogsForWebhook')).toBe(1);
  });
});
