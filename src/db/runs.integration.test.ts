import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { firstRun, install, openTestMirror, owner, startRun } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { startCursor } from '../domain/paging.ts';
import { commitPage } from './mirror.ts';
import type { LoopRef } from './mirror.ts';
import { withWorkspace } from './orm.ts';
import { claimLoop, closeRun, saveOutcome } from './runs.ts';

const tags: LoopRef = { workspaceId: owner.workspaceId, runId: firstRun.runId, entity: 'tags', loop: 0 };
const laterRun = { ...firstRun, runId: 'run-2' };

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

const snapshot = async () => [
  await mirror.rows('select * from bootstrap_jobs order by run_id'),
  await mirror.rows('select * from bootstrap_endpoints order by run_id, entity'),
  await mirror.rows('select * from bootstrap_loops order by run_id, entity, loop'),
];
const job = async (runId = firstRun.runId) => {
  const [row] = await mirror.rows('select * from bootstrap_jobs where run_id = $1', [runId]);
  return row;
};
const endpoint = async () => {
  const [row] = await mirror.rows(`select * from bootstrap_endpoints where entity = 'tags'`);
  return row;
};
const sizes = async (runId: string) =>
  (
    await mirror.rows(
      `select cursor->'pageSize' as size from bootstrap_loops where run_id = $1 order by entity, loop`,
      [runId],
    )
  ).map(({ size }) => size);
const learn = (entity: string, size: number, loop = 0) =>
  mirror.rows(
    `update bootstrap_loops set cursor = jsonb_set(cursor, '{pageSize}', $1) where entity = $2 and loop = $3`,
    [String(size), entity, loop],
  );

describe('opening a run', () => {
  it('writes the run, a line for each kind of rows and a place for each loop', async () => {
    expect(await job()).toMatchObject({
      addon_id: owner.addonId,
      status: 'RUNNING',
      options: { scope: 'standard', timeEntries: true },
      request_id: 'request-1',
      paused: false,
      control_version: 0,
      finished_at: null,
    });
    expect(await mirror.rows('select entity, state, complete from bootstrap_endpoints order by entity')).toEqual([
      { entity: 'tags', state: 'waiting', complete: null },
      { entity: 'tasks', state: 'waiting', complete: null },
    ]);
    expect(await mirror.rows('select entity, loop, fence, cursor from bootstrap_loops order by entity, loop')).toEqual([
      { entity: 'tags', loop: 0, fence: 0, cursor: startCursor(200) },
      { entity: 'tasks', loop: 0, fence: 0, cursor: startCursor(200) },
      { entity: 'tasks', loop: 1, fence: 0, cursor: startCursor(200) },
    ]);
  });

  it('again changes nothing, not even after progress', async () => {
    await claimLoop(mirror.orm, tags);
    const before = await snapshot();
    await startRun(mirror.orm, { requestId: 'request-2', pageSizeOf: () => 10 });
    expect(await snapshot()).toEqual(before);
  });

  it('again after its end changes nothing', async () => {
    await closeRun(mirror.orm, firstRun, 'COMPLETED');
    const before = await snapshot();
    await startRun(mirror.orm);
    expect(await snapshot()).toEqual(before);
  });

  it('many times at once is like once', async () => {
    await mirror.reset();
    await install(mirror.orm);
    await Promise.all(Array.from({ length: 8 }, () => startRun(mirror.orm)));
    expect((await snapshot()).map((rows) => rows.length)).toEqual([1, 2, 3]);
  });

  it('closes an older run that was left open', async () => {
    await startRun(mirror.orm, laterRun);
    expect(await job()).toMatchObject({ status: 'CANCELLED', finished_at: expect.any(Date) });
    expect(await job(laterRun.runId)).toMatchObject({ status: 'RUNNING', finished_at: null });
  });

  it('leaves an older run alone that had ended', async () => {
    await closeRun(mirror.orm, firstRun, 'COMPLETED');
    const before = await job();
    await startRun(mirror.orm, laterRun);
    expect(await job()).toEqual(before);
  });

  it('does not wait for, nor touch, a run of another workspace', async () => {
    const elsewhere = { workspaceId: 'f'.repeat(24), addonId: owner.addonId };
    await startRun(mirror.orm, { ...elsewhere, runId: firstRun.runId });
    expect(await mirror.rows('select workspace_id, status from bootstrap_jobs order by workspace_id')).toEqual([
      { workspace_id: owner.workspaceId, status: 'RUNNING' },
      { workspace_id: elsewhere.workspaceId, status: 'RUNNING' },
    ]);
  });
});

describe('the page size', () => {
  it('is the one asked for, by kind', async () => {
    await startRun(mirror.orm, { ...laterRun, pageSizeOf: (entity) => (entity === 'tags' ? 50 : 100) });
    expect(await sizes(laterRun.runId)).toEqual([50, 100, 100]);
  });

  it('is twice the smallest that a loop of the newest finished run ended with', async () => {
    await learn('tasks', 25, 1);
    await closeRun(mirror.orm, firstRun, 'COMPLETED_WITH_ERRORS');
    await startRun(mirror.orm, laterRun);
    expect(await sizes(laterRun.runId)).toEqual([200, 50, 50]);
  });

  it('is never more than the one asked for', async () => {
    await learn('tags', 150);
    await closeRun(mirror.orm, firstRun, 'COMPLETED');
    await startRun(mirror.orm, laterRun);
    expect(await sizes(laterRun.runId)).toEqual([200, 200, 200]);
  });

  it('is the configured one for a kind that the newest run did not read', async () => {
    await learn('tags', 25);
    await closeRun(mirror.orm, firstRun, 'COMPLETED');
    await startRun(mirror.orm, { ...laterRun, plan: [{ entity: 'users', loops: 1, after: [] }] });
    expect(await sizes(laterRun.runId)).toEqual([200]);
  });
});

describe('claiming a loop', () => {
  it('gives the place, the orders and the options, and marks the kind as being read', async () => {
    const claimed = await claimLoop(mirror.orm, tags);
    expect(claimed).toMatchObject({
      fence: 1,
      cursor: startCursor(200),
      paused: false,
      controlVersion: 0,
      options: { scope: 'standard', timeEntries: true },
      addonId: owner.addonId,
      installationStatus: 'active',
    });
    const { started_at: startedAt } = (await job()) as { started_at: Date };
    expect(new Date(claimed.startedAt)).toEqual(startedAt);
    expect(await endpoint()).toMatchObject({ state: 'reading', started_at: expect.any(Date) });
  });

  it('raises the fence each time, also for takers at once', async () => {
    const claims = await Promise.all(Array.from({ length: 6 }, () => claimLoop(mirror.orm, tags)));
    expect(claims.map(({ fence }) => fence).sort((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6]);
  });

  it('keeps the time of the first claim', async () => {
    await claimLoop(mirror.orm, tags);
    const before = await endpoint();
    await claimLoop(mirror.orm, tags);
    expect(await endpoint()).toEqual(before);
  });

  it('goes on where the last commit left off', async () => {
    const { fence } = await claimLoop(mirror.orm, tags);
    const cursor = { ...startCursor(100), after: 'list-0', done: true };
    await commitPage(mirror.orm, tags, {
      fence,
      cursor,
      rows: [],
      requests: 1,
      observedAt: new Date().toISOString(),
      isPage: true,
    });
    expect(await claimLoop(mirror.orm, tags)).toMatchObject({ fence: 2, cursor });
  });

  it('does not reopen a kind that is settled', async () => {
    await withWorkspace(mirror.orm, owner.workspaceId, (em) =>
      saveOutcome(em, tags, { state: 'read', complete: true, reason: null }),
    );
    await claimLoop(mirror.orm, tags);
    expect(await endpoint()).toMatchObject({ state: 'read' });
  });

  it('that does not exist is an error that no repeating cures: the database may be an older one', async () => {
    await expect(claimLoop(mirror.orm, { ...tags, loop: 1 })).rejects.toMatchObject({
      code: 'not_found',
      message: 'There is no page loop tags/1 in run run-1.',
    });
  });
});
