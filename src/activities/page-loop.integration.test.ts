import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { firstRun, openTestMirror, owner } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import type { ClaimedLoop } from '../db/runs.ts';
import type { EntityType } from '../domain/entities.ts';
import { startCursor } from '../domain/paging.ts';
import { getReadingRule } from '../domain/reading-rules.ts';
import { listsAfter } from './page-loop.ts';
import type { ReadingList } from './page-request.ts';

let mirror: TestMirror;
beforeAll(async () => {
  mirror = await openTestMirror();
});
afterAll(() => mirror.close());
beforeEach(() => mirror.reset());

const claimed: ClaimedLoop = {
  fence: 1,
  cursor: startCursor(200),
  paused: false,
  controlVersion: 0,
  options: { scope: 'standard', timeEntries: true },
  requestsPerSecond: null,
  startedAt: '2026-11-21T10:00:00.000Z',
  addonId: owner.addonId,
  installationStatus: 'active',
};

interface Given {
  readonly after?: string;
  readonly loop?: number;
  readonly options?: Partial<ClaimedLoop['options']>;
}

async function listsOf(entity: EntityType, { after = '', loop = 0, options = {} }: Given = {}): Promise<ReadingList[]> {
  const ref = { workspaceId: owner.workspaceId, runId: firstRun.runId, entity, loop };
  const cursor = { ...claimed.cursor, after };
  const given = { ...claimed, cursor, options: { ...claimed.options, ...options } };
  const lists: ReadingList[] = [];
  for await (const list of listsAfter(mirror.orm, getReadingRule(entity), ref, given)) lists.push(list);
  return lists;
}

const storeMany = (entity: string, count: number) =>
  mirror.rows(
    `insert into workspace_data (workspace_id, entity_type, entity_id, payload, hash, version, observed_at, changed_at)
     select $1, $2, 'id' || to_char(n, 'FM0000'), jsonb_build_object('archived', n <= 2), '', 1, now(), now()
     from generate_series(1, $3::int) n`,
    [owner.workspaceId, entity, count],
  );

describe('a loop', () => {
  it('over one list reads that list, once', async () => {
    expect(await listsOf('tags')).toEqual([{ key: 'list-0', parentId: null, query: {} }]);
    expect(await listsOf('tags', { after: 'list-0' })).toEqual([]);
  });

  it('over a list that shows one half at a time reads both', async () => {
    expect(await listsOf('expense_categories')).toEqual([
      { key: 'list-0', parentId: null, query: { archived: 'false' } },
      { key: 'list-1', parentId: null, query: { archived: 'true' } },
    ]);
    expect(await listsOf('expense_categories', { after: 'list-0' })).toMatchObject([{ key: 'list-1' }]);
  });

  it('over a windowed list asks for the window, counted from the start of the run', async () => {
    expect(await listsOf('assignments')).toMatchObject([
      { query: { start: '2025-11-20T10:00:00Z', end: '2027-11-22T10:00:00Z' } },
    ]);
  });

  it('over parents reads one list for each, archived ones last', async () => {
    await storeMany('projects', 4);
    const loops = await Promise.all([0, 1, 2, 3].map((loop) => listsOf('tasks', { loop })));
    const lists = loops.flat().toSorted((a, b) => (a.key < b.key ? -1 : 1));
    expect(lists).toEqual([
      { key: '0id0003', parentId: 'id0003', query: {} },
      { key: '0id0004', parentId: 'id0004', query: {} },
      { key: '1id0001', parentId: 'id0001', query: {} },
      { key: '1id0002', parentId: 'id0002', query: {} },
    ]);
  });

  it('over parents asks each of them for the window', async () => {
    await storeMany('users', 9);
    const lists = await listsOf('time_entries', { options: { timeEntryDays: 7 } });
    expect(new Set(lists.map(({ query }) => JSON.stringify(query)))).toEqual(
      new Set(['{"start":"2026-11-13T10:00:00Z"}']),
    );
  });

  it('over many parents passes over the batches without losing or repeating one', async () => {
    await storeMany('users', 1_000);
    const loops = await Promise.all([0, 1, 2, 3].map((loop) => listsOf('time_entries', { loop })));
    expect(loops.flat()).toHaveLength(1_000);
    expect(new Set(loops.flat().map(({ parentId }) => parentId)).size).toBe(1_000);
    for (const lists of loops) expect(lists.map(({ key }) => key)).toEqual(lists.map(({ key }) => key).toSorted());
  });

  it('goes on after its place', async () => {
    await storeMany('users', 40);
    const all = await listsOf('time_entries');
    const middle = all[3];
    expect(await listsOf('time_entries', { after: middle?.key ?? '' })).toEqual(all.slice(4));
  });

  it('over no parents reads nothing', async () => {
    expect(await listsOf('tasks')).toEqual([]);
  });
});
