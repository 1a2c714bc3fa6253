import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { firstRun, install, openTestMirror, owner, startRun, storePage, stranger } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { emptyTally, startCursor } from '../domain/paging.ts';
import { saveGone } from './observations.ts';
import { saveOutcome } from './runs.ts';
import { withWorkspace } from './orm.ts';
import {
  countChanged,
  dropOlderPages,
  loadFindings,
  loadStates,
  markUnseenDeleted,
  restartLoops,
  savePlanOfWorkspace,
} from './settle.ts';

const tags = { workspaceId: owner.workspaceId, runId: 'run-1', entity: 'tags', loop: 0 } as const;
const later = { ...tags, runId: 'run-2' };

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

const store = (ref: typeof tags | typeof later, ...ids: string[]) =>
  storePage(
    mirror.orm,
    ref,
    ids.map((id) => ({ id })),
  );
const living = async () =>
  (
    await mirror.rows('select entity_type, entity_id from workspace_data where deleted_at is null order by entity_id')
  ).map((row) => row['entity_id']);
const find = (ref: typeof tags | typeof later = tags) => loadFindings(mirror.orm, ref);

it('of a run that the database does not know nothing can be told, however often somebody asks', async () => {
  await expect(find(later)).rejects.toMatchObject({ code: 'not_found', message: 'There is no run run-2.' });
});

it('what a reading changed is counted, but for the first one, and for what others changed meanwhile', async () => {
  const read = async (ref: typeof tags | typeof later) => {
    await withWorkspace(mirror.orm, ref.workspaceId, (em) =>
      saveOutcome(em, ref, { state: 'read', complete: true, reason: null }),
    );
    return countChanged(mirror.orm, ref);
  };
  await mirror.rows('update bootstrap_endpoints set started_at = clock_timestamp()');
  await store(tags, 'a', 'b', 'c', 'd');
  expect(await read(tags)).toBe(0);

  await startRun(mirror.orm, { runId: 'run-2' });
  await mirror.rows(`update bootstrap_endpoints set started_at = clock_timestamp() where run_id = 'run-2'`);
  const rows = ['a', 'b', 'e'].map((id) => ({ id, hash: id === 'b' ? 'changed' : id }));
  await storePage(mirror.orm, later, rows);
  const at = { workspaceId: owner.workspaceId, entity: 'tags', observedAt: new Date().toISOString() } as const;
  await saveGone(mirror.orm, { ...at, source: 'event' }, ['c']);
  await markUnseenDeleted(mirror.orm, later, null);
  // b changed, e is new, d is gone.
  expect(await read(later)).toBe(3);
});

describe('the findings of a run', () => {
  it('are the tallies of all loops and how the run was meant', async () => {
    const tally = { ...emptyTally, lists: 3, expected: 5, rows: 5 };
    const tasks = { ...tags, entity: 'tasks' } as const;
    await storePage(mirror.orm, tasks, [], { cursor: { ...startCursor(200), tally } });
    const findings = await loadFindings(mirror.orm, tasks);
    expect(findings.tallies).toHaveLength(2);
    expect(findings.tallies).toEqual(expect.arrayContaining([tally, emptyTally]));
    expect(findings).toMatchObject({ options: { scope: 'standard', timeEntries: true }, seen: 0 });
    expect(new Date(findings.startedAt).getTime()).not.toBeNaN();
  });

  it('say whether every loop has come to its end', async () => {
    expect(await find()).toMatchObject({ isRead: false });
    await storePage(mirror.orm, tags, [], { cursor: { ...startCursor(200), done: true } });
    expect(await find()).toMatchObject({ isRead: true });
  });

  it('begin anew when the loops are set back, with the sizes they learned', async () => {
    const cursor = { ...startCursor(50), after: 'list-0', done: true };
    await storePage(mirror.orm, tags, [{ id: 'a' }], { cursor });
    await restartLoops(mirror.orm, tags);
    expect(await find()).toMatchObject({ isRead: false, seen: 0, tallies: [emptyTally] });
    expect(await mirror.rows(`select cursor from bootstrap_loops where entity = 'tags'`)).toEqual([
      { cursor: startCursor(50) },
    ]);
    expect(await living()).toEqual(['a']);
  });

  it('count a row as stored that a delivery found gone after the run had seen it', async () => {
    await store(tags, 'a', 'b', 'c');
    const gone = { workspaceId: owner.workspaceId, entity: 'tags', source: 'event' } as const;
    await saveGone(mirror.orm, { ...gone, observedAt: new Date(Date.now() + 1_000).toISOString() }, ['b']);
    expect(await find()).toMatchObject({ seen: 3, stored: 3 });
  });

  it('count ids once, and those that came again on a later page', async () => {
    await store(tags, 'a', 'b');
    await store(tags, 'b', 'c');
    expect(await find()).toMatchObject({ seen: 3, repeated: 1, stored: 3 });
  });

  it('do not count as stored what is gone from the mirror, or was never written', async () => {
    await store(tags, 'a', 'b', 'c');
    await mirror.rows(`update workspace_data set deleted_at = now() where entity_id = 'a'`);
    await mirror.rows(`delete from workspace_data where entity_id = 'b'`);
    expect(await find()).toMatchObject({ seen: 3, repeated: 0, stored: 1 });
  });

  it('do not count rows of other runs or kinds', async () => {
    await store(tags, 'a', 'b');
    await storePage(mirror.orm, { ...tags, entity: 'tasks' }, [{ id: 'x' }]);
    await startRun(mirror.orm, later);
    await store(later, 'c');
    expect(await find(later)).toMatchObject({ seen: 1, stored: 1 });
    expect(await find()).toMatchObject({ seen: 2, stored: 2 });
  });

  it('of an unknown run are an error', async () => {
    await expect(find(later)).rejects.toThrow('There is no run run-2.');
  });
});

describe('after a complete reading', () => {
  beforeEach(async () => {
    await store(tags, 'a', 'b', 'c');
    await storePage(mirror.orm, { ...tags, entity: 'tasks' }, [{ id: 'x' }]);
    await startRun(mirror.orm, later);
  });

  it('what it did not see is marked as deleted, as a new version', async () => {
    await store(later, 'a', 'c');
    await markUnseenDeleted(mirror.orm, later, null);
    expect(await living()).toEqual(['a', 'c', 'x']);
    expect(await mirror.rows(`select version, payload, deleted_at from workspace_data where entity_id = 'b'`)).toEqual([
      { version: 2, payload: { id: 'b' }, deleted_at: expect.any(Date) },
    ]);
  });

  it('rows of a parent that is gone stay, where the platform keeps them', async () => {
    await mirror.rows(`update workspace_data set parent_id = 'p' where entity_id = 'a'`);
    await mirror.rows(`update workspace_data set parent_id = 'x' where entity_id = 'b'`);
    await store(later, 'c');
    await markUnseenDeleted(mirror.orm, later, null, 'tasks');
    expect(await living()).toEqual(['a', 'c', 'x']);
  });

  it('what it saw on any page of any loop stays', async () => {
    await store(later, 'a');
    await store(later, 'b');
    await store(later, 'c');
    await markUnseenDeleted(mirror.orm, later, null);
    expect(await living()).toEqual(['a', 'b', 'c', 'x']);
  });

  it('all rows of an empty list are marked as deleted', async () => {
    await store(later);
    await markUnseenDeleted(mirror.orm, later, null);
    expect(await living()).toEqual(['x']);
  });

  it('rows that were observed after it began stay', async () => {
    await store(later);
    await mirror.rows(`update workspace_data set observed_at = clock_timestamp() where entity_id = 'b'`);
    await markUnseenDeleted(mirror.orm, later, null);
    expect(await living()).toEqual(['b', 'x']);
  });

  it('a late answer from before it does not bring a row back', async () => {
    await mirror.rows(`update workspace_data set observed_at = observed_at - interval '2 hours'`);
    await store(later, 'a', 'c');
    await markUnseenDeleted(mirror.orm, later, null);
    const observedAt = new Date(Date.now() - 3_600_000).toISOString();
    await storePage(mirror.orm, later, [{ id: 'b' }], { observedAt });
    expect(await living()).toEqual(['a', 'c', 'x']);
    await storePage(mirror.orm, later, [{ id: 'b' }]);
    expect(await living()).toEqual(['a', 'b', 'c', 'x']);
  });

  it('marking again changes nothing', async () => {
    await store(later, 'a');
    await markUnseenDeleted(mirror.orm, later, null);
    const before = await mirror.rows('select * from workspace_data order by entity_id');
    await markUnseenDeleted(mirror.orm, later, null);
    expect(await mirror.rows('select * from workspace_data order by entity_id')).toEqual(before);
  });

  it('nothing of a kind that no loop began to read is marked', async () => {
    await markUnseenDeleted(mirror.orm, later, null);
    expect(await living()).toEqual(['a', 'b', 'c', 'x']);
  });

  it('rows of another workspace stay', async () => {
    await install(mirror.orm, stranger);
    await startRun(mirror.orm, { ...stranger, runId: 'run-1' });
    await storePage(mirror.orm, { ...tags, workspaceId: stranger.workspaceId }, [{ id: 'theirs' }]);
    await store(later, 'a', 'b', 'c');
    await markUnseenDeleted(mirror.orm, later, null);
    expect(await living()).toEqual(['a', 'b', 'c', 'theirs', 'x']);
  });
});

describe('a reading in a window', () => {
  const times = { path: ['timeInterval', 'start'], from: '2026-11-01T00:00:00.000Z', to: null };
  const entry = (id: string, start: unknown) => ({ id, payload: { id, timeInterval: { start } } });

  beforeEach(async () => {
    await storePage(mirror.orm, tags, [
      entry('before', '2026-10-31T23:59:59Z'),
      entry('first', '2026-11-01T00:00:00Z'),
      entry('inside', '2026-11-05T12:00:00+02:00'),
      entry('after', '2026-12-01T00:00:00Z'),
      entry('timeless', null),
      { id: 'shapeless', payload: { id: 'shapeless' } },
    ]);
    await startRun(mirror.orm, later);
    await store(later);
  });

  it('without an end may miss only rows that begin inside it', async () => {
    await markUnseenDeleted(mirror.orm, later, times);
    expect(await living()).toEqual(['before', 'shapeless', 'timeless']);
  });

  it('with an end leaves later rows alone as well', async () => {
    await markUnseenDeleted(mirror.orm, later, { ...times, to: '2026-11-30T00:00:00.000Z' });
    expect(await living()).toEqual(['after', 'before', 'shapeless', 'timeless']);
  });
});

describe('the log of pages', () => {
  it('of older runs is dropped for the kind that was settled, and for no other', async () => {
    await store(tags, 'a');
    await storePage(mirror.orm, { ...tags, entity: 'tasks' }, [{ id: 'x' }]);
    await startRun(mirror.orm, later);
    await store(later, 'a');
    await dropOlderPages(mirror.orm, later);
    expect(await mirror.rows('select run_id, entity from bootstrap_pages order by run_id')).toEqual([
      { run_id: 'run-1', entity: 'tasks' },
      { run_id: 'run-2', entity: 'tags' },
    ]);
  });
});

describe('the plan of the workspace', () => {
  it.each<[object, string | null]>([
    [{ featureSubscriptionType: 'FREE' }, 'FREE'],
    [{ name: 'without one' }, null],
  ])('of %j is %p', async (payload, plan) => {
    const workspace = { ...tags, entity: 'workspace' } as const;
    await startRun(mirror.orm, { runId: 'run-3', plan: [{ entity: 'workspace', loops: 1, after: [] }] });
    await storePage(mirror.orm, { ...workspace, runId: 'run-3' }, [{ id: owner.workspaceId, payload }]);
    await savePlanOfWorkspace(mirror.orm, owner);
    expect(await mirror.rows('select plan from installations')).toEqual([{ plan }]);
  });

  it('is not touched while the workspace was not read', async () => {
    await mirror.rows(`update installations set plan = 'PRO'`);
    await savePlanOfWorkspace(mirror.orm, owner);
    expect(await mirror.rows('select plan from installations')).toEqual([{ plan: 'PRO' }]);
  });
});

it('how each kind of rows ended is told by kind', async () => {
  await withWorkspace(mirror.orm, owner.workspaceId, (em) =>
    saveOutcome(em, tags, { state: 'read', complete: true, reason: null }),
  );
  const states = await loadStates(mirror.orm, firstRun);
  expect(states).toHaveLength(2);
  expect(states).toEqual(
    expect.arrayContaining([
      { state: 'read', complete: true },
      { state: 'waiting', complete: null },
    ]),
  );
});
