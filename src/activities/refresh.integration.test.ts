import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openLiveMirror } from '../../test/support/live-mirror.ts';
import type { LiveMirror } from '../../test/support/live-mirror.ts';
import { saveEventFindings, saveFeedFindings } from '../db/coverage.ts';
import { noteAlive } from '../db/receiver.ts';
import type { EntityType } from '../domain/entities.ts';
import { webhookEvents } from '../domain/webhook-events.ts';
import { changeFeeds } from '../domain/webhook-states.ts';
import type { FeedState } from '../domain/webhook-states.ts';
import { createRefreshActivities, readChanges } from './refresh.ts';
import type { RefreshDeps, RefreshDue } from './refresh.ts';

let live: LiveMirror;
let workspaceId: string;
let deps: RefreshDeps;
beforeAll(async () => {
  live = await openLiveMirror({ isUnlimited: true });
  ({ workspaceId } = live.ref);
  deps = { ...live.drainDeps, baseUrl: live.baseUrl, hourlyLimit: null };
});
afterAll(() => live.close());
beforeEach(async () => {
  await live.forget();
  live.simulator.setFeeds(workspaceId, { answer: 'faithful', loss: 0 });
  live.simulator.resetLedger();
  await live.mirror.rows('truncate receiver');
  await tellFeeds('works');
});

const tellFeeds = (state: FeedState) =>
  saveFeedFindings(
    deps.orm,
    live.ref,
    changeFeeds.map((feed) => ({ feed, state, reason: null })),
  );

/** A run that read these kinds and ended so many minutes ago. */
async function addRun(entities: readonly EntityType[], minutesAgo: number, options: object = {}): Promise<void> {
  const at = `now() - ${minutesAgo} * interval '1 minute'`;
  const text = JSON.stringify({ scope: 'standard', timeEntries: true, ...options });
  await live.mirror.rows(
    `insert into bootstrap_jobs (workspace_id, run_id, addon_id, status, options, request_id, paused, control_version,
       started_at, finished_at) values ($1, $2, $3, 'COMPLETED', $4, 'request-1', false, 0, ${at}, ${at})`,
    [workspaceId, `run-${minutesAgo}`, live.ref.addonId, text],
  );
  for (const entity of entities) {
    await live.mirror.rows(
      `insert into bootstrap_endpoints (workspace_id, run_id, entity, state, complete, started_at, finished_at)
       values ($1, $2, $3, 'read', true, ${at}, ${at})`,
      [workspaceId, `run-${minutesAgo}`, entity],
    );
  }
}

const plan = (isCatchingUp = false) => createRefreshActivities(deps).planRefresh({ ...live.ref, isCatchingUp });
async function planNow(): Promise<RefreshDue> {
  const due = await plan();
  if (due === null) throw new Error('nothing can be due');
  return due;
}
const read = async () => readChanges(deps, { ...live.ref, ...(await planNow()) });

/** Every row of the kind as it is now in Clockify. */
const copy = (entity: EntityType) =>
  deps.refetch({ ...live.ref, source: 'scan', maxWaitMs: 10_000 }, { by: 'list', entity });
const keysOf = (entity: 'tags' | 'clients' | 'projects'): string[] =>
  live.simulator.rows(workspaceId, entity).map(({ id }) => String(id));

describe('what changed since the last reading', () => {
  const kinds = ['tags', 'clients', 'projects'] as const;

  it('is told by the feeds and fetched again: new rows, other rows and deleted ones', async () => {
    await addRun(kinds, 20);
    for (const entity of kinds) {
      await copy(entity);
      const [changed, gone] = keysOf(entity);
      live.simulator.mutate(workspaceId, {
        entity,
        insert: 2,
        update: [{ key: changed ?? '', fields: { name: `renamed ${entity}` } }],
        remove: [gone ?? ''],
      });
      expect(await live.differences(entity)).not.toEqual([]);
    }
    // Deletions are told about a minute late.
    live.simulator.setWebhooks(workspaceId, { speed: 1_000_000 });

    expect(await read()).toEqual({ overdue: [] });
    for (const entity of kinds) expect(await live.differences(entity)).toEqual([]);
    const sources = await live.mirror.rows(
      `select distinct source from workspace_data where payload->>'name' like 'renamed %'`,
    );
    expect(sources).toEqual([{ source: 'delta' }]);
  });

  it('counts as missed where events should have told of it', async () => {
    const kinds = ['tags', 'clients'] as const;
    await addRun(kinds, 20);
    for (const entity of kinds) await copy(entity);
    const events = webhookEvents.filter((event) => event.includes('TAG'));
    const adopted = events.map((event) => ({ event, state: 'adopted', reason: null }) as const);
    await saveEventFindings(live.mirror.orm, live.ref, adopted);
    for (const entity of kinds) live.simulator.mutate(workspaceId, { entity, insert: 2 });
    const due = await plan(true);
    await readChanges(deps, { ...live.ref, delta: due?.delta ?? [], lookedAt: due?.lookedAt ?? 0 });
    expect(await live.mirror.rows('select entity_type, missed from refresh_marks order by entity_type')).toEqual([
      { entity_type: 'clients', missed: 0 },
      { entity_type: 'tags', missed: 2 },
    ]);
  });

  it('is noticed of a row that came and went within one window, of which no feed tells', async () => {
    await addRun(['tags'], 20);
    const { inserted } = live.simulator.mutate(workspaceId, { entity: 'tags', insert: 1 });
    await copy('tags');
    live.simulator.mutate(workspaceId, { entity: 'tags', remove: inserted });
    await read();
    expect(await live.differences('tags')).toEqual([]);
  });

  it('is asked for once: the next look goes on where the last one ended', async () => {
    await addRun(['tags'], 20);
    await read();
    expect((await planNow()).delta).toEqual([]);
    await live.mirror.rows(`update refresh_marks set delta_until = now() - interval '11 minutes'`);
    const { delta, lookedAt } = await planNow();
    expect(Math.round((lookedAt - (delta[0]?.since ?? 0)) / 60_000)).toBe(11);
  });

  it('is not fetched when a feed is closed: that is noted, and the kind is overdue', async () => {
    await addRun(['tags'], 20);
    live.simulator.setFeeds(workspaceId, { answer: 'refused' });
    expect(await read()).toEqual({ overdue: ['tags'] });
    expect(await live.mirror.rows('select feed, state from change_feed_states where feed = $1', ['created'])).toEqual([
      { feed: 'created', state: 'refused' },
    ]);
    expect((await planNow()).delta).toEqual([]);
  });

  it('is overdue when the feeds do not reach back so far', async () => {
    await addRun(['tags'], 60 * 24 * 31);
    expect(await read()).toEqual({ overdue: ['tags'] });
    expect(live.simulator.requests(workspaceId)).toEqual([]);
  });
});

describe('nothing is due', () => {
  it('of what only an installation before this one copied', async () => {
    await addRun(['tags'], 20);
    expect(await plan(true)).not.toBeNull();
    await live.mirror.rows(`update bootstrap_jobs set addon_id = 'another'`);
    expect(await plan(true)).toBeNull();
  });

  it('before anything was copied', async () => {
    expect(await plan()).toBeNull();
  });

  it('of an installation that the database does not know any more', async () => {
    await addRun(['tags'], 60);
    await live.mirror.rows('delete from installations');
    expect(await plan()).toBeNull();
  });

  it('while the add-on is switched off', async () => {
    await addRun(['tags'], 60);
    await live.mirror.rows(`update installations set status = 'inactive'`);
    expect(await plan(true)).toBeNull();
  });
});

describe('what was missed is made up for', () => {
  beforeEach(() => addRun(['tags', 'holidays'], 30));

  const isCatchingUp = async (): Promise<boolean> => {
    const due = await planNow();
    expect(due.rescan.includes('holidays')).toBe(due.isCatchingUp);
    return due.isCatchingUp;
  };

  it('when somebody says so', async () => {
    expect(await plan(true)).toMatchObject({
      isCatchingUp: true,
      delta: [{ entity: 'tags' }],
      rescan: expect.arrayContaining(['tags', 'holidays']),
    });
  });

  it('when nobody looked for more than an hour', async () => {
    expect(await isCatchingUp()).toBe(false);
    await live.mirror.rows(`update refresh_states set looked_at = now() - interval '61 minutes'`);
    expect(await isCatchingUp()).toBe(true);
    expect(await isCatchingUp()).toBe(false);
  });

  it('when nobody took deliveries for more than two minutes, until it is done', async () => {
    await noteAlive(deps.orm);
    expect(await isCatchingUp()).toBe(false);
    await live.mirror.rows(`update receiver set alive_at = now() - interval '119 seconds'`);
    await noteAlive(deps.orm);
    expect(await isCatchingUp()).toBe(false);
    await live.mirror.rows(`update receiver set alive_at = now() - interval '121 seconds'`);
    await noteAlive(deps.orm);
    expect(await isCatchingUp()).toBe(true);
    expect(await isCatchingUp()).toBe(true);
    const { lookedAt: at } = await planNow();
    await createRefreshActivities(deps).noteCaughtUp({ ...live.ref, at });
    expect(await isCatchingUp()).toBe(false);
  });

  it('when that was before anybody looked for the first time', async () => {
    await live.mirror.rows(`update installations set installed_at = now() - interval '1 hour'`);
    await noteAlive(deps.orm);
    await live.mirror.rows(`update receiver set alive_at = now() - interval '121 seconds'`);
    await noteAlive(deps.orm);
    expect(await isCatchingUp()).toBe(true);
    expect(await isCatchingUp()).toBe(true);
  });

  it('but not what an installation missed before it was one', async () => {
    await noteAlive(deps.orm);
    await live.mirror.rows(`update receiver set gap_ended_at = now() - interval '1 minute'`);
    expect(await isCatchingUp()).toBe(false);
  });
});

it('a kind is read again with the window of time entries that its last run had', async () => {
  await addRun(['time_entries'], 60, { timeEntryDays: 30 });
  await addRun(['tags'], 50);
  expect((await planNow()).options).toEqual({ scope: 'everything', timeEntries: true, timeEntryDays: 30 });
});

it('a run under way is told of, and the budget of an hour counts', async () => {
  await addRun(['holidays'], 61);
  expect(await planNow()).toMatchObject({ hasRunUnderWay: false, rescan: ['holidays'] });
  await live.mirror.rows('update bootstrap_jobs set finished_at = null');
  expect((await planNow()).hasRunUnderWay).toBe(true);
  await live.mirror
    .rows(`insert into bootstrap_loops (workspace_id, run_id, entity, loop, cursor, fence, pages, rows, requests, updated_at)
    select workspace_id, run_id, entity, 0, '{}', 0, 1, 1, 40, now() from bootstrap_endpoints`);
  const onFreePlan = createRefreshActivities({ ...deps, hourlyLimit: 30 });
  expect(await onFreePlan.planRefresh({ ...live.ref, isCatchingUp: false })).toMatchObject({ rescan: [] });
});
