import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { firstRun, install, openTestMirror, owner, startRun } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { loadOperatorActions } from '../db/operator-actions.ts';
import { withWorkspace } from '../db/orm.ts';
import { saveOutcome } from '../db/runs.ts';
import type { BootstrapOptions } from '../domain/bootstrap-options.ts';
import type { BootstrapRuns } from './bootstrap-runs.ts';
import { createOperatorDesk } from './operator-desk.ts';

const origin = { ...owner, requestId: 'request-7' };
const by = 'ada';

let mirror: TestMirror;
let started: BootstrapOptions[];
let orders: unknown[];
/** What the run under way answers; null: there is none. */
let effect: string | null;
let outcome: 'started' | 'running';

beforeAll(async () => {
  mirror = await openTestMirror();
});
afterAll(() => mirror.close());
beforeEach(async () => {
  await mirror.reset();
  await install(mirror.orm);
  [started, orders, effect, outcome] = [[], [], null, 'started'];
});

const runs: BootstrapRuns = {
  async start(_, options) {
    started.push(options);
    return { jobId: 'job-1', status: outcome };
  },
  async order(_, verb, order) {
    orders.push([verb, order]);
    return effect;
  },
};
const desk = () => createOperatorDesk({ orm: mirror.orm, runs });
const log = async () =>
  (await loadOperatorActions(mirror.orm, owner, 10)).map(({ verb, actor, entity, reason, effect }) => ({
    verb,
    actor,
    entity,
    reason,
    effect,
  }));
const defaults = { scope: 'standard', timeEntries: true };

describe('a start', () => {
  it('is logged with who wanted it', async () => {
    expect(await desk().start(origin, { scope: 'core', timeEntries: false }, by)).toMatchObject({ status: 'started' });
    expect(await log()).toEqual([
      { verb: 'start', actor: by, entity: null, reason: null, effect: 'A run has started.' },
    ]);
  });

  it('that finds a run under way changes nothing, and is not logged', async () => {
    outcome = 'running';
    expect(await desk().start(origin, { scope: 'core', timeEntries: false }, by)).toMatchObject({ status: 'running' });
    expect(await log()).toEqual([]);
  });
});

describe('an order', () => {
  it('is given to the run under way, which logs it itself', async () => {
    effect = 'Paused.';
    expect(await desk().give(origin, 'pause', { by, reason: 'lunch' })).toBe('Paused.');
    expect(orders).toEqual([['pause', { by, reason: 'lunch' }]]);
    expect([started, await log()]).toEqual([[], []]);
  });

  it.each(['pause', 'resume', 'cancel'] as const)('to %s is a conflict without a run', async (verb) => {
    const refused = { code: 'conflict', message: 'No run is under way.' };
    await expect(desk().give(origin, verb, { by })).rejects.toMatchObject(refused);
    await expect(desk().give(origin, 'skipEntity', { by, entity: 'tags' })).rejects.toMatchObject(refused);
    await expect(desk().give(origin, 'changeRate', { by, requestsPerSecond: 9 })).rejects.toMatchObject(refused);
    expect([started, await log()]).toEqual([[], []]);
  });
});

describe('without a run under way', () => {
  it('everything is read again as the last run was started', async () => {
    const options = { scope: 'everything', timeEntries: false, timeEntryDays: 30, only: ['tags'] } as const;
    await startRun(mirror.orm, { options: { ...options, only: ['tags'] } });
    expect(await desk().give(origin, 'restartAll', { by })).toBe('A new run reads everything.');
    expect(started).toEqual([{ scope: 'everything', timeEntries: false, timeEntryDays: 30 }]);
    expect(await log()).toEqual([
      { verb: 'restartAll', actor: by, entity: null, reason: null, effect: 'A new run reads everything.' },
    ]);
  });

  it('one kind is read again, with the defaults where there was no run', async () => {
    const order = { by, entity: 'tags', reason: 'they look old' } as const;
    expect(await desk().give(origin, 'restartEntity', order)).toBe('A new run reads tags.');
    expect(started).toEqual([{ ...defaults, only: ['tags'] }]);
    expect(await log()).toEqual([
      { verb: 'restartEntity', actor: by, entity: 'tags', reason: 'they look old', effect: 'A new run reads tags.' },
    ]);
  });

  it('what failed in the last run is read again', async () => {
    await startRun(mirror.orm);
    await withWorkspace(mirror.orm, owner.workspaceId, (em) =>
      saveOutcome(em, { ...firstRun, entity: 'tasks' }, { state: 'failed', complete: false, reason: null }),
    );
    expect(await desk().give(origin, 'retryFailed', { by })).toBe('A new run reads tasks.');
    expect(started).toEqual([{ ...defaults, only: ['tasks'] }]);
  });

  it.each([
    ['there was no run', async () => {}],
    ['nothing failed in it', () => startRun(mirror.orm)],
  ])('there is nothing to read again when %s', async (_, prepare) => {
    await prepare();
    await expect(desk().give(origin, 'retryFailed', { by })).rejects.toMatchObject({ code: 'conflict' });
    expect(started).toEqual([]);
  });

  it('a run that somebody else has begun meanwhile is a conflict', async () => {
    outcome = 'running';
    await expect(desk().give(origin, 'restartAll', { by })).rejects.toMatchObject({ code: 'conflict' });
    expect(await log()).toEqual([]);
  });
});
