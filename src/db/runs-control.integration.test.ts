import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { firstRun, install, openTestMirror, owner, startRun, storePage } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { AddonError } from '../domain/errors.ts';
import { commitPage } from './mirror.ts';
import { withWorkspace } from './orm.ts';
import { claimLoop, closeRun, fenceLoops, saveControl, saveLastError, saveOutcome, saveRate } from './runs.ts';
import { findLastRun } from './last-run.ts';
import { restartEntity } from './settle.ts';

const tags = { workspaceId: owner.workspaceId, runId: firstRun.runId, entity: 'tags', loop: 0 } as const;

let mirror: TestMirror;
beforeAll(async () => {
  mirror = await openTestMirror();
});
afterAll(() => mirror.close());
beforeEach(async () => {
  await mirror.reset();
  await install(mirror.orm);
  await startRun(mirror.orm);
});

const job = async () => {
  const [row] = await mirror.rows('select * from bootstrap_jobs');
  return row;
};
const endpoint = async () => {
  const [row] = await mirror.rows(`select * from bootstrap_endpoints where entity = 'tags'`);
  return row;
};

describe('an order', () => {
  it('pauses and lets go on', async () => {
    await saveControl(mirror.orm, firstRun, { paused: true, version: 1 });
    expect(await job()).toMatchObject({ paused: true, status: 'PAUSED', control_version: 1 });
    await saveControl(mirror.orm, firstRun, { paused: false, version: 2 });
    expect(await job()).toMatchObject({ paused: false, status: 'RUNNING', control_version: 2 });
  });

  it.each([2, 1])('of version %i is void after version 2', async (version) => {
    await saveControl(mirror.orm, firstRun, { paused: true, version: 2 });
    await saveControl(mirror.orm, firstRun, { paused: false, version });
    expect(await job()).toMatchObject({ paused: true, control_version: 2 });
  });

  it('is void after the end of the run', async () => {
    await closeRun(mirror.orm, firstRun, 'COMPLETED');
    await saveControl(mirror.orm, firstRun, { paused: true, version: 1 });
    expect(await job()).toMatchObject({ paused: false, status: 'COMPLETED' });
  });
});

describe('the outcome of a kind of rows', () => {
  it('is kept with its proof', async () => {
    const outcome = { state: 'read', complete: true, reason: null, expected: 3, stored: 3, evidence: 'count' } as const;
    await withWorkspace(mirror.orm, owner.workspaceId, (em) => saveOutcome(em, tags, outcome));
    expect(await endpoint()).toMatchObject({ ...outcome, finished_at: expect.any(Date) });
  });

  it('that is a failure keeps what was known', async () => {
    const away = new AddonError('clockify_unavailable', 'Clockify is not available at the moment.');
    await saveLastError(mirror.orm, tags, away);
    await withWorkspace(mirror.orm, owner.workspaceId, (em) =>
      saveOutcome(em, tags, { state: 'failed', complete: false, reason: 'Why.' }),
    );
    expect(await endpoint()).toMatchObject({
      state: 'failed',
      complete: false,
      reason: 'Why.',
      expected: null,
      last_error: 'Clockify is not available at the moment.',
      last_error_code: 'clockify_unavailable',
    });
  });
});

describe('closing a run', () => {
  const lastBootstrap = async () => {
    const [row] = await mirror.rows('select last_bootstrap_at from installations');
    return row?.['last_bootstrap_at'];
  };

  it.each(['COMPLETED', 'COMPLETED_WITH_WARNINGS'] as const)('as %s is noted on the installation', async (status) => {
    await closeRun(mirror.orm, firstRun, status);
    expect(await job()).toMatchObject({ status, finished_at: expect.any(Date) });
    expect(await lastBootstrap()).toEqual(expect.any(Date));
  });

  it.each(['COMPLETED_WITH_ERRORS', 'FAILED', 'CANCELLED'] as const)('as %s is not', async (status) => {
    await closeRun(mirror.orm, firstRun, status);
    expect(await job()).toMatchObject({ status });
    expect(await lastBootstrap()).toBeNull();
  });

  it('that the database does not know notes nothing', async () => {
    await closeRun(mirror.orm, { ...firstRun, runId: 'lost' }, 'COMPLETED');
    expect(await lastBootstrap()).toBeNull();
  });

  it('while it is paused ends the pause', async () => {
    await saveControl(mirror.orm, firstRun, { paused: true, version: 1 });
    await closeRun(mirror.orm, firstRun, 'CANCELLED');
    expect(await job()).toMatchObject({ paused: false, status: 'CANCELLED' });
  });

  it('again changes nothing of the run', async () => {
    await closeRun(mirror.orm, firstRun, 'CANCELLED');
    const before = await job();
    await closeRun(mirror.orm, firstRun, 'FAILED');
    expect(await job()).toEqual(before);
  });
});

describe('a rate that was ordered', () => {
  it('wins over the one the run was started with, for loops that begin and with each page', async () => {
    const options = { scope: 'standard', timeEntries: true, requestsPerSecond: 40 } as const;
    await mirror.rows('update bootstrap_jobs set options = $1', [JSON.stringify(options)]);
    expect(await claimLoop(mirror.orm, tags)).toMatchObject({ requestsPerSecond: 40 });
    await saveRate(mirror.orm, firstRun, 25);
    expect(await claimLoop(mirror.orm, tags)).toMatchObject({ requestsPerSecond: 25 });
  });

  it('is void after the end of the run', async () => {
    await closeRun(mirror.orm, firstRun, 'COMPLETED');
    await saveRate(mirror.orm, firstRun, 25);
    expect(await job()).toMatchObject({ requests_per_second: null });
  });
});

describe('a kind that is read again', () => {
  beforeEach(async () => {
    await storePage(mirror.orm, tags, [{ id: 'a' }]);
    const outcome = { state: 'read', complete: true, reason: 'Why.', evidence: 'count' } as const;
    await withWorkspace(mirror.orm, owner.workspaceId, (em) => saveOutcome(em, tags, outcome));
  });

  it('waits again, and nothing is said of it', async () => {
    await restartEntity(mirror.orm, tags);
    expect(await endpoint()).toMatchObject({
      state: 'waiting',
      complete: null,
      evidence: null,
      reason: null,
      started_at: null,
      finished_at: null,
    });
    expect(await mirror.rows('select * from bootstrap_pages')).toEqual([]);
  });

  it('keeps the numbers it had reached', async () => {
    const counted = 'select pages, rows, requests from bootstrap_loops where entity = $1';
    const before = await mirror.rows(counted, ['tags']);
    await restartEntity(mirror.orm, tags);
    expect(await mirror.rows(counted, ['tags'])).toEqual(before);
    expect(before).toEqual([{ pages: 1, rows: 1, requests: 1 }]);
  });
});

describe('a page that is still on its way', () => {
  it.each<[string, () => Promise<unknown>]>([
    [
      'when its kind is left out',
      () =>
        withWorkspace(mirror.orm, owner.workspaceId, async (em) => {
          await fenceLoops(em, tags);
          await saveOutcome(em, tags, { state: 'skipped', complete: false, reason: 'Why.' });
        }),
    ],
    ['when its kind is read again', () => restartEntity(mirror.orm, tags)],
    ['when its run has ended', () => closeRun(mirror.orm, firstRun, 'CANCELLED')],
  ])('is not stored %s', async (_, change) => {
    const { fence, cursor } = await claimLoop(mirror.orm, tags);
    await change();
    const page = { fence, cursor, rows: [], requests: 1, observedAt: new Date().toISOString(), isPage: true };
    await expect(commitPage(mirror.orm, tags, page)).rejects.toMatchObject({ code: 'stale_attempt' });
  });
});

describe('the last run', () => {
  it('of an installation that never ran is nothing', async () => {
    await mirror.rows('truncate bootstrap_jobs');
    expect(await findLastRun(mirror.orm, owner)).toBeNull();
  });

  it('names what failed and what is not proven, not what is closed', async () => {
    const settle = (entity: 'tags' | 'tasks', state: 'failed' | 'skipped' | 'read', complete: boolean) =>
      withWorkspace(mirror.orm, owner.workspaceId, (em) =>
        saveOutcome(em, { ...tags, entity }, { state, complete, reason: null }),
      );
    await settle('tags', 'failed', false);
    await settle('tasks', 'read', false);
    const options = { scope: 'standard', timeEntries: true };
    expect(await findLastRun(mirror.orm, owner)).toEqual({ options, unread: ['tags', 'tasks'] });
    await settle('tags', 'skipped', false);
    await settle('tasks', 'read', true);
    expect(await findLastRun(mirror.orm, owner)).toEqual({ options, unread: [] });
  });
});
