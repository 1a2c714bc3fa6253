import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { buildBudget } from '../../test/support/bootstrap-status.ts';
import { install, firstRun, openTestMirror, owner, startRun, storePage, stranger } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import type { EntityStatus } from '../domain/bootstrap-status.ts';
import type { EntityType } from '../domain/entities.ts';
import { emptyTally, firstPage, startCursor } from '../domain/paging.ts';
import { loadBootstrapStatus } from './bootstrap-status.ts';
import { AddonError } from '../domain/errors.ts';
import { withWorkspace } from './orm.ts';
import { takeSlot } from './rate-limit.ts';
import { saveDeltaMark } from './refresh.ts';
import { closeRun, saveControl, saveLastError, saveOutcome, saveRate } from './runs.ts';
import type { EntityOutcome } from './runs.ts';

let mirror: TestMirror;
beforeAll(async () => {
  mirror = await openTestMirror();
});
afterAll(() => mirror.close());
beforeEach(async () => {
  await mirror.reset();
  await install(mirror.orm);
});

const loop = (entity: EntityType, index = 0) => ({ ...firstRun, entity, loop: index });
const load = (workspaceId = owner.workspaceId) =>
  loadBootstrapStatus(mirror.orm, workspaceId, { limitPerSecond: 48, autoBootstrap: true });
async function loadEntity(entity: EntityType): Promise<EntityStatus> {
  const found = (await load()).entities.find((candidate) => candidate.entity === entity);
  if (found === undefined) throw new Error(`${entity} is not in the status`);
  return found;
}
const settle = (entity: EntityType, outcome: EntityOutcome) =>
  withWorkspace(mirror.orm, owner.workspaceId, (em) => saveOutcome(em, loop(entity), outcome));
/** As if reading had begun so many seconds ago. */
const begun = (seconds: number) =>
  mirror.rows(
    `update bootstrap_endpoints set started_at = clock_timestamp() - $1 * interval '1 second'
    where state = 'reading'`,
    [seconds],
  );

describe('the status', () => {
  it('of a workspace without a run', async () => {
    expect(await load()).toEqual({
      workspaceId: owner.workspaceId,
      runId: null,
      status: 'NOT_STARTED',
      startedAt: null,
      finishedAt: null,
      lastBootstrapAt: null,
      startsOnVisit: true,
      requests: 0,
      budget: buildBudget(),
      entities: [],
    });
  });

  it.each<[string, () => Promise<unknown>]>([
    ['there was a run', () => startRun(mirror.orm)],
    ['the add-on is switched off', () => mirror.rows(`update installations set status = 'inactive'`)],
    [
      'the workspace does not want it',
      () => mirror.rows(`update installations set settings = '{"auto_bootstrap":false}'`),
    ],
  ])('does not ask for a first copy when %s', async (_, change) => {
    await change();
    expect(await load()).toMatchObject({ startsOnVisit: false });
  });

  it('of a run that has just begun, in reading order', async () => {
    await startRun(mirror.orm, {
      plan: (['tasks', 'tags', 'users'] as const).map((entity) => ({ entity, loops: 1, after: [] })),
    });
    const { entities, ...status } = await load();
    expect(status).toMatchObject({ runId: 'run-1', status: 'RUNNING', finishedAt: null, requests: 0 });
    expect(status.startedAt).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/);
    expect(entities.map(({ entity }) => entity)).toEqual(['users', 'tags', 'tasks']);
    expect(entities[1]).toEqual({
      entity: 'tags',
      state: 'waiting',
      pages: 0,
      rows: 0,
      stored: null,
      expected: null,
      complete: null,
      evidence: null,
      reason: null,
      lastError: null,
      lastErrorCode: null,
      lastFullScanAt: null,
      lastDeltaAt: null,
      lastEventAt: null,
      missed: 0,
      runId: firstRun.runId,
      ratePerSecond: null,
      etaSeconds: null,
    });
  });

  it('shows the newest run', async () => {
    await startRun(mirror.orm);
    await startRun(mirror.orm, { runId: 'run-2' });
    expect(await load()).toMatchObject({ runId: 'run-2', status: 'RUNNING' });
  });

  it('shows a kind that the newest run does not read as an older one left it', async () => {
    await startRun(mirror.orm);
    await storePage(mirror.orm, loop('tags'), [{ id: 'a' }, { id: 'b' }]);
    await settle('tags', { state: 'read', complete: true, reason: null, expected: 2, stored: 2 });
    await closeRun(mirror.orm, firstRun, 'CANCELLED');
    await startRun(mirror.orm, { runId: 'run-2', plan: [{ entity: 'users', loops: 1, after: [] }] });
    const status = await load();
    expect(status.requests).toBe(0);
    expect(status.entities).toEqual([
      expect.objectContaining({ entity: 'users', runId: 'run-2', state: 'waiting' }),
      expect.objectContaining({ entity: 'tags', runId: 'run-1', state: 'read', rows: 2, complete: true }),
    ]);
  });

  it('shows when each kind was last read whole with proof, also while it is read again', async () => {
    await startRun(mirror.orm);
    await settle('tags', { state: 'read', complete: true, reason: null });
    await settle('tasks', { state: 'read', complete: false, reason: 'One is missing.' });
    await startRun(mirror.orm, { runId: 'run-2' });
    expect(await loadEntity('tags')).toMatchObject({ runId: 'run-2', lastFullScanAt: expect.stringMatching(/Z$/) });
    expect(await loadEntity('tasks')).toMatchObject({ lastFullScanAt: null });
  });

  it('says up to when the feeds were read for each kind, and when an event last came', async () => {
    await startRun(mirror.orm);
    const until = Date.parse('2026-01-02T03:04:05.678Z');
    await saveDeltaMark(mirror.orm, owner, { entity: 'tags', until, missed: 0 });
    await mirror.rows(`update refresh_marks set event_at = '2026-01-03T00:00:00Z'`);
    const marks = { lastDeltaAt: '2026-01-02T03:04:05.678Z', lastEventAt: '2026-01-03T00:00:00.000Z' };
    expect(await loadEntity('tags')).toMatchObject(marks);
    expect(await loadEntity('tasks')).toMatchObject({ lastDeltaAt: null, lastEventAt: null });
  });

  it('adds up the changes that no event told: those the feeds told and those that readings found', async () => {
    await startRun(mirror.orm);
    await saveDeltaMark(mirror.orm, owner, { entity: 'tags', until: 1, missed: 2 });
    await saveDeltaMark(mirror.orm, owner, { entity: 'tags', until: 2, missed: 3 });
    await settle('tags', { state: 'read', complete: true, reason: null, missed: 4 });
    await startRun(mirror.orm, { runId: 'run-2' });
    expect(await loadEntity('tags')).toMatchObject({ missed: 9 });
    expect(await loadEntity('tasks')).toMatchObject({ missed: 0 });
  });

  it.each<[string, number, () => Promise<unknown>]>([
    ['the deployment', 48, () => startRun(mirror.orm)],
    ['the workspace', 20, () => mirror.rows(`update installations set settings = '{"requests_per_second":20}'`)],
    [
      'the run',
      10,
      () => startRun(mirror.orm, { options: { scope: 'core', timeEntries: true, requestsPerSecond: 10 } }),
    ],
    ['an order', 5, async () => (await startRun(mirror.orm), saveRate(mirror.orm, firstRun, 5))],
  ])('shows the lowest rate in force: that of %s', async (_, limitPerSecond, change) => {
    await change();
    expect((await load()).budget).toMatchObject({ limitPerSecond });
  });

  it('shows a pause, an end and when a run last ended complete', async () => {
    await startRun(mirror.orm);
    await saveControl(mirror.orm, firstRun, { paused: true, version: 1 });
    expect(await load()).toMatchObject({ status: 'PAUSED', finishedAt: null });
    await closeRun(mirror.orm, firstRun, 'COMPLETED');
    const { status, finishedAt, lastBootstrapAt } = await load();
    expect(status).toBe('COMPLETED');
    expect([finishedAt, lastBootstrapAt]).toEqual([expect.stringMatching(/Z$/), expect.stringMatching(/Z$/)]);
  });

  it('shows the hourly limit that was learned', async () => {
    const request = { ...owner, lane: 'bulk', requestsPerSecond: 48, hourlyLimit: null, maxWaitMs: 0 } as const;
    await takeSlot(mirror.orm, { ...request, answered: [] });
    await mirror.rows('update rate_limits set hourly_limit = 30');
    expect((await load()).budget).toEqual(buildBudget({ hourlyLimit: 30, hourlyUsed: 0 }));
  });

  it('shows nothing of another workspace', async () => {
    await startRun(mirror.orm);
    expect(await load(stranger.workspaceId)).toMatchObject({ runId: null, status: 'NOT_STARTED', entities: [] });
  });
});

describe('a kind of rows', () => {
  beforeEach(() => startRun(mirror.orm));

  it('that is being read adds up its loops, with the rate', async () => {
    await storePage(mirror.orm, loop('tasks', 0), [{ id: 'a' }, { id: 'b' }], { requests: 2 });
    await storePage(mirror.orm, loop('tasks', 1), [{ id: 'c' }]);
    await begun(1);
    const status = await loadEntity('tasks');
    expect(status).toMatchObject({ state: 'reading', pages: 2, rows: 3, complete: null, etaSeconds: null });
    expect(status.ratePerSecond).toBeGreaterThan(0);
    expect(status.ratePerSecond).toBeLessThanOrEqual(3);
    expect((await load()).requests).toBe(3);
  });

  it('below parents says how long the rest may take', async () => {
    await startRun(mirror.orm, {
      runId: 'run-2',
      plan: (['projects', 'tasks'] as const).map((entity) => ({ entity, loops: 1, after: [] })),
    });
    const tasks = { ...loop('tasks'), runId: 'run-2' };
    await withWorkspace(mirror.orm, owner.workspaceId, (em) =>
      saveOutcome(em, { ...tasks, entity: 'projects' }, { state: 'read', complete: true, reason: null, stored: 100 }),
    );
    const tally = { ...emptyTally, lists: 25 };
    await storePage(mirror.orm, tasks, [{ id: 'a' }], { cursor: { ...startCursor(200), tally } });
    await begun(60);
    const { etaSeconds } = await loadEntity('tasks');
    expect(etaSeconds).toBeGreaterThanOrEqual(180);
    expect(etaSeconds).toBeLessThan(240);
  });

  it('that was read shows its proof and no rate', async () => {
    await storePage(mirror.orm, loop('tags'), [{ id: 'a' }]);
    await settle('tags', {
      state: 'read',
      complete: true,
      reason: null,
      expected: 1,
      stored: 1,
      evidence: 'last_page',
    });
    expect(await loadEntity('tags')).toMatchObject({
      state: 'read',
      pages: 1,
      rows: 1,
      expected: 1,
      complete: true,
      evidence: 'last_page',
      ratePerSecond: null,
      etaSeconds: null,
    });
  });

  it('that was read counts rows that came twice once, and no number falls', async () => {
    await storePage(mirror.orm, loop('tags'), [{ id: 'a' }]);
    const cursor = { ...startCursor(200), list: { ...firstPage, rows: 2 } };
    await storePage(mirror.orm, loop('tags'), [{ id: 'a' }], { cursor });
    await settle('tags', { state: 'read', complete: false, reason: 'Twice.', expected: 2, stored: 1 });
    expect(await loadEntity('tags')).toMatchObject({ rows: 2, stored: 1, complete: false, reason: 'Twice.' });
  });

  it('that failed or was skipped says why', async () => {
    const away = new AddonError('clockify_unavailable', 'Clockify is not available at the moment.');
    await saveLastError(mirror.orm, loop('tags'), away);
    await settle('tags', { state: 'failed', complete: false, reason: 'Clockify is not available at the moment.' });
    await settle('tasks', { state: 'skipped', complete: false, reason: 'The plan does not include this.' });
    expect(await loadEntity('tags')).toMatchObject({
      state: 'failed',
      complete: false,
      lastError: 'Clockify is not available at the moment.',
      lastErrorCode: 'clockify_unavailable',
    });
    expect(await loadEntity('tasks')).toMatchObject({ state: 'skipped', reason: 'The plan does not include this.' });
  });
});
