import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { firstRun, install, openTestMirror, owner, startRun } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { emptyTally, firstPage, startCursor } from '../domain/paging.ts';
import { commitPage } from './mirror.ts';
import type { LoopRef, MirrorRow, PageCommit } from './mirror.ts';
import { claimLoop, saveControl } from './runs.ts';

const loop: LoopRef = { workspaceId: owner.workspaceId, runId: firstRun.runId, entity: 'tags', loop: 0 };
const [early, middle, late] = ['2026-11-21T10:00:00.000001Z', '2026-11-21T10:00:01Z', '2026-11-21T10:00:02Z'] as const;
const stale = expect.objectContaining({ code: 'stale_attempt' });
const overtaken = expect.objectContaining({ code: 'attempt_overtaken' });

let mirror: TestMirror;
let fence: number;
beforeAll(async () => {
  mirror = await openTestMirror();
});
afterAll(() => mirror.close());
beforeEach(async () => {
  await mirror.reset();
  await install(mirror.orm);
  await startRun(mirror.orm);
  ({ fence } = await claimLoop(mirror.orm, loop));
});

const tag = (id: string, payload: unknown = { id, name: id }): MirrorRow => ({
  id,
  parent: null,
  payload,
  hash: JSON.stringify(payload),
});
const commit = (rows: readonly MirrorRow[], changes: Partial<PageCommit> = {}) =>
  commitPage(mirror.orm, loop, {
    fence,
    cursor: startCursor(200),
    rows,
    requests: 1,
    observedAt: early,
    isPage: true,
    ...changes,
  });
const stored = () => mirror.rows('select *, xmin::text from workspace_data order by entity_id');
const storedOnly = async () => {
  const [row] = await stored();
  return row;
};
const place = async () => {
  const [row] = await mirror.rows(`select cursor, fence, pages, rows, requests from bootstrap_loops
    where entity = 'tags'`);
  return row;
};
const pages = () => mirror.rows('select seq, entity_ids from bootstrap_pages order by seq');

describe('a page', () => {
  it('is stored with the ids it held and the place of its loop', async () => {
    const cursor = { ...startCursor(200), list: { ...firstPage, page: 2, rows: 2 } };
    const task: MirrorRow = { ...tag('b'), parent: 'p1' };
    await commit([tag('c'), task], { cursor, requests: 2 });
    expect(await stored()).toMatchObject([
      {
        workspace_id: owner.workspaceId,
        entity_type: 'tags',
        entity_id: 'b',
        parent_id: 'p1',
        payload: { id: 'b', name: 'b' },
        version: 1,
        observed_at: new Date(early),
        deleted_at: null,
      },
      { entity_id: 'c', parent_id: null },
    ]);
    expect(await pages()).toEqual([{ seq: 1, entity_ids: ['b', 'c'] }]);
    expect(await place()).toEqual({ cursor, fence, pages: 1, rows: 2, requests: 2 });
  });

  it('of a second reading does not make the number of rows smaller', async () => {
    await commit([tag('a'), tag('b')], { cursor: { ...startCursor(200), tally: { ...emptyTally, rows: 2 } } });
    await commit([tag('a')], { cursor: { ...startCursor(200), list: { ...firstPage, page: 2, rows: 1 } } });
    expect(await place()).toMatchObject({ pages: 2, rows: 2 });
  });

  it('without rows is a page all the same', async () => {
    await commit([]);
    expect(await pages()).toEqual([{ seq: 1, entity_ids: [] }]);
    expect(await place()).toMatchObject({ pages: 1, rows: 0 });
  });

  it('that is none moves the place only', async () => {
    await commit([], { isPage: false, cursor: { ...startCursor(50), done: true } });
    expect(await pages()).toEqual([]);
    expect(await place()).toMatchObject({ pages: 0, requests: 1, cursor: { done: true, pageSize: 50 } });
  });

  it('is numbered after the one before', async () => {
    await commit([tag('a')]);
    await commit([tag('b')]);
    expect(await pages()).toEqual([
      { seq: 1, entity_ids: ['a'] },
      { seq: 2, entity_ids: ['b'] },
    ]);
  });

  it('of a thousand rows is one statement', async () => {
    await commit(Array.from({ length: 1_000 }, (_, index) => tag(`t${index}`)));
    expect(
      await mirror.rows('select count(*)::int, count(distinct xmin::text)::int as writers from workspace_data'),
    ).toEqual([{ count: 1_000, writers: 1 }]);
  });

  it('leaves nothing behind when the database refuses a row', async () => {
    const broken = { ...tag('b'), id: null as unknown as string };
    await expect(commit([tag('a'), broken])).rejects.toThrow('null value in column "entity_id"');
    expect([await stored(), await pages()]).toEqual([[], []]);
    expect(await place()).toMatchObject({ pages: 0, requests: 0 });
  });
});

describe('a row', () => {
  beforeEach(() => commit([tag('a')]));

  it('that did not change is not written', async () => {
    const before = await storedOnly();
    await commit([tag('a')], { observedAt: late });
    expect(await storedOnly()).toEqual(before);
    expect(await pages()).toHaveLength(2);
  });

  it('that changed is written as its next version', async () => {
    const before = await storedOnly();
    await commit([{ ...tag('a', { id: 'a', name: 'new' }), parent: 'p2' }], { observedAt: late });
    const after = await storedOnly();
    expect(after).toMatchObject({
      payload: { name: 'new' },
      parent_id: 'p2',
      version: 2,
      observed_at: new Date(late),
    });
    expect(after?.['changed_at']).not.toEqual(before?.['changed_at']);
  });

  it('that was gone comes back, although its content is the same', async () => {
    await mirror.rows('update workspace_data set deleted_at = now(), version = 2');
    await commit([tag('a')], { observedAt: late });
    expect(await storedOnly()).toMatchObject({ deleted_at: null, version: 3 });
  });

  it('is not overwritten by an older observation', async () => {
    await commit([tag('a', { id: 'a', name: 'new' })], { observedAt: late });
    const before = await storedOnly();
    await commit([tag('a', { id: 'a', name: 'between' })], { observedAt: middle });
    expect(await storedOnly()).toEqual(before);
  });

  it('that was deleted later is not revived by an older observation', async () => {
    await mirror.rows('update workspace_data set deleted_at = now(), observed_at = $1', [late]);
    await commit([tag('a')], { observedAt: middle });
    expect(await storedOnly()).toMatchObject({ deleted_at: expect.any(Date) });
  });

  it('of another workspace, kind or id is another row', async () => {
    await commitPage(
      mirror.orm,
      { ...loop, entity: 'tasks' },
      {
        fence: (await claimLoop(mirror.orm, { ...loop, entity: 'tasks' })).fence,
        cursor: startCursor(200),
        rows: [tag('a', { id: 'a', kind: 'task' })],
        requests: 1,
        observedAt: early,
        isPage: true,
      },
    );
    expect(await stored()).toMatchObject([{ entity_type: 'tags' }, { entity_type: 'tasks', version: 1 }]);
  });
});

describe('text that Postgres cannot store', () => {
  it.each<[string, unknown, unknown]>([
    ['a NUL', { name: 'a\0b' }, { name: 'a\uFFFDb' }],
    ['half a character', { name: 'a\ud83d' }, { name: 'a\uFFFD' }],
    ['a NUL deep inside', { list: [{ name: '\0' }] }, { list: [{ name: '\uFFFD' }] }],
    ['a NUL in the name of a member', { 'a\0b': { '\0': 1 } }, { 'a\uFFFDb': { '\uFFFD': 1 } }],
    ['half a character in the name of a member', { '\udc00': [null] }, { '\uFFFD': [null] }],
    ['whole characters', { name: '😀 \\u0000 \\ud800' }, { name: '😀 \\u0000 \\ud800' }],
  ])('%s is kept as the character for it', async (_, payload, expected) => {
    await commit([tag('a', payload)]);
    expect(await storedOnly()).toMatchObject({ payload: expected });
  });

  it('in an id is replaced in the row and among the ids seen alike', async () => {
    await commit([tag('a\0b')]);
    expect(await storedOnly()).toMatchObject({ entity_id: 'a\uFFFDb' });
    expect(await pages()).toEqual([{ seq: 1, entity_ids: ['a\uFFFDb'] }]);
  });
});

describe('an attempt whose loop was taken over', () => {
  it('writes nothing and hears of it', async () => {
    await claimLoop(mirror.orm, loop);
    await expect(commit([tag('a')])).rejects.toEqual(overtaken);
    expect([await stored(), await pages()]).toEqual([[], []]);
    expect(await place()).toMatchObject({ pages: 0, requests: 0 });
  });

  it('leaves nothing behind in a race of eight, in which the last to claim goes on', async () => {
    const attempts = await Promise.all(
      Array.from({ length: 8 }, async (_, index) => {
        const claimed = await claimLoop(mirror.orm, loop);
        const ended = await commit([tag(`t${index}`)], { fence: claimed.fence }).catch((error: unknown) => error);
        return { fence: claimed.fence, ended };
      }),
    );
    const accepted = attempts.filter(({ ended }) => !(ended instanceof Error)).length;
    expect(new Set(attempts.map((attempt) => attempt.fence)).size).toBe(8);
    expect(attempts.filter(({ ended }) => ended instanceof Error).map(({ ended }) => ended)).toEqual(
      Array(8 - accepted).fill(overtaken),
    );
    expect([await stored(), await pages()]).toMatchObject([Array(accepted).fill({}), Array(accepted).fill({})]);
    const last = Math.max(...attempts.map((attempt) => attempt.fence));
    await expect(commit([], { fence: last })).resolves.toBeDefined();
  });

  it.each([
    ['was given up', `update bootstrap_endpoints set state = 'failed'`],
    ['is to begin anew', `update bootstrap_endpoints set state = 'waiting'`],
    ['belongs to a run that has ended', 'update bootstrap_jobs set finished_at = now()'],
  ])('is told that nobody goes on with it when its kind %s', async (_, sql) => {
    await mirror.rows('update bootstrap_loops set fence = fence + 1');
    await mirror.rows(sql);
    await expect(commit([tag('a')])).rejects.toEqual(stale);
  });

  it('is like one of a run that a newer run replaced', async () => {
    await startRun(mirror.orm, { runId: 'run-2' });
    await expect(commit([tag('a')])).rejects.toEqual(stale);
    expect([await stored(), await pages()]).toEqual([[], []]);
  });

  it.each<[string, Partial<LoopRef>]>([
    ['loop', { loop: 7 }],
    ['run', { runId: 'run-2' }],
    ['kind of rows', { entity: 'users' }],
    ['workspace', { workspaceId: 'f'.repeat(24) }],
  ])('is like an attempt for an unknown %s', async (_, other) => {
    const page = { fence, cursor: startCursor(200), rows: [tag('a')], requests: 1, observedAt: early, isPage: true };
    await expect(commitPage(mirror.orm, { ...loop, ...other }, page)).rejects.toEqual(stale);
    expect(await stored()).toEqual([]);
  });
});

describe('a commit answers with the orders for its loop', () => {
  it('which are to go on', async () => {
    expect(await commit([])).toEqual({
      paused: false,
      controlVersion: 0,
      installationStatus: 'active',
      requestsPerSecond: null,
    });
  });

  it('which are to pause', async () => {
    await saveControl(mirror.orm, firstRun, { paused: true, version: 3 });
    expect(await commit([])).toMatchObject({ paused: true, controlVersion: 3 });
  });

  it.each(['inactive', 'delete_pending'])('which are to stop when the add-on is %s', async (status) => {
    await mirror.rows('update installations set status = $1', [status]);
    expect(await commit([])).toMatchObject({ installationStatus: status });
  });
});
