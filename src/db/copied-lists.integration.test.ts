import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { EntityManager } from '@mikro-orm/postgresql';
import { storePastRun, storeRows } from '../../test/support/past-runs.ts';
import type { PastRun, StoredRow } from '../../test/support/past-runs.ts';
import { openTestMirror, owner, stranger } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import type { EntityType } from '../domain/entities.ts';
import { getReadingRule } from '../domain/reading-rules.ts';
import { countListSizes, findCopies, findLearnedPageSizes, sampleParents } from './copied-lists.ts';
import type { RowTimes } from './copied-lists.ts';
import { withWorkspace } from './orm.ts';

const { workspaceId } = owner;
let mirror: TestMirror;
beforeAll(async () => {
  mirror = await openTestMirror();
});
afterAll(() => mirror.close());
beforeEach(() => mirror.reset());

const inWorkspace = <T>(work: (em: EntityManager) => Promise<T>) => withWorkspace(mirror.orm, workspaceId, work);

const store = (entity: EntityType, rows: readonly StoredRow[], workspace = workspaceId) =>
  storeRows(mirror, entity, rows, workspace);
const run = (past: PastRun) => storePastRun(mirror, past);

describe('the copies', () => {
  it('are what runs read to the end, the newest first', async () => {
    await run({ id: 'old', startedAt: '2026-01-01', states: { tags: 'read', users: 'read', tasks: 'failed' } });
    await run({ id: 'new', startedAt: '2026-02-01', states: { tags: 'read', clients: 'skipped' }, isOver: false });
    const copies = await inWorkspace((em) => findCopies(em, workspaceId));
    expect(copies.map(({ entity, startedAt }) => [entity, new Date(startedAt).getUTCMonth()])).toEqual([
      ['tags', 1],
      ['users', 0],
    ]);
  });

  it('of different reach in time are kept apart', async () => {
    const states = { time_entries: 'read' };
    await run({ id: 'a', startedAt: '2026-01-01', options: {}, states });
    await run({ id: 'b', startedAt: '2026-02-01', options: { timeEntryDays: 30 }, states });
    await run({ id: 'c', startedAt: '2026-03-01', options: { timeEntryDays: 30 }, states });
    const copies = await inWorkspace((em) => findCopies(em, workspaceId));
    expect(copies.map(({ options, startedAt }) => [options.timeEntryDays, new Date(startedAt).getUTCMonth()])).toEqual([
      [30, 2],
      [undefined, 0],
    ]);
  });
});

it('the page sizes are the smallest with which the loops of the newest finished run ended', async () => {
  await run({ id: 'old', startedAt: '2026-01-01', states: {}, pageSizes: { tags: [25] } });
  await run({ id: 'new', startedAt: '2026-02-01', states: {}, pageSizes: { tags: [200], tasks: [200, 50] } });
  await run({ id: 'open', startedAt: '2026-03-01', states: {}, pageSizes: { tags: [10] }, isOver: false });
  expect(Object.fromEntries(await inWorkspace((em) => findLearnedPageSizes(em, workspaceId)))).toEqual({
    tags: 200,
    tasks: 50,
  });
});

describe('the sizes of lists', () => {
  const sizesOf = (entity: EntityType, times: RowTimes | null = null) =>
    inWorkspace((em) => countListSizes(em, workspaceId, getReadingRule(entity), times));

  it('count living rows of the workspace', async () => {
    await store('tags', [{ id: 'a' }, { id: 'b' }, { id: 'gone', isDeleted: true }]);
    await store('tags', [{ id: 'theirs' }], stranger.workspaceId);
    expect(await sizesOf('tags')).toEqual([{ rows: 2, lists: 1 }]);
    expect(await sizesOf('clients')).toEqual([{ rows: 0, lists: 1 }]);
  });

  it('are told for each sweep of a list that shows one half at a time', async () => {
    const archived = (id: string, value: boolean) => ({ id, payload: { archived: value } });
    await store('expense_categories', [archived('a', false), archived('b', false), archived('c', true)]);
    expect(await sizesOf('expense_categories')).toEqual([
      { rows: 2, lists: 1 },
      { rows: 1, lists: 1 },
    ]);
  });

  it('are told for each living parent, also for those without rows', async () => {
    await store('users', [{ id: 'u1' }, { id: 'u2' }, { id: 'u3' }, { id: 'left', isDeleted: true }]);
    const entry = (id: string, parent: string, isDeleted = false) => ({ id, parent, isDeleted });
    await store('time_entries', [
      entry('a', 'u1'),
      entry('b', 'u1'),
      entry('c', 'u1', true),
      entry('d', 'left'),
      entry('e', 'left'),
    ]);
    const sizes = await sizesOf('time_entries');
    expect(sizes.toSorted((a, b) => a.rows - b.rows)).toEqual([
      { rows: 0, lists: 2 },
      { rows: 2, lists: 1 },
    ]);
  });

  it('leave out parents whose list is not read', async () => {
    await store('invoices', [
      { id: 'open', payload: { paid: 0 } },
      { id: 'paid', payload: { paid: 100 } },
    ]);
    await store('invoice_payments', [{ id: 'p', parent: 'paid' }]);
    expect(await sizesOf('invoice_payments')).toEqual([{ rows: 1, lists: 1 }]);
    expect(await sizesOf('invoice_details')).toEqual([{ rows: 0, lists: 2 }]);
  });

  it('count only the rows of a window', async () => {
    const entry = (id: string, start: string) => ({ id, parent: 'u1', payload: { timeInterval: { start } } });
    await store('users', [{ id: 'u1' }]);
    await store('time_entries', [entry('a', '2026-01-05T08:00:00Z'), entry('b', '2026-03-05T08:00:00+02:00')]);
    const times = { path: ['timeInterval', 'start'], from: '2026-02-01T00:00:00Z', to: null };
    expect(await sizesOf('time_entries', times)).toEqual([{ rows: 1, lists: 1 }]);
    expect(await sizesOf('time_entries', { ...times, to: '2026-03-05T05:00:00Z' })).toEqual([{ rows: 0, lists: 1 }]);
    expect(await sizesOf('time_entries', { ...times, from: '2025-01-01T00:00:00Z' })).toEqual([{ rows: 2, lists: 1 }]);
  });
});

it('parents are counted, and two hundred of them named', async () => {
  await store(
    'projects',
    Array.from({ length: 230 }, (_, index) => ({ id: `p${index}`, isDeleted: index === 0 })),
  );
  const { parent } = getReadingRule('tasks');
  if (parent === undefined) throw new Error('tasks have parents');
  const { count, ids } = await inWorkspace((em) => sampleParents(em, workspaceId, parent));
  expect(count).toBe(229);
  expect(new Set(ids).size).toBe(200);
  expect(ids).not.toContain('p0');
  expect(await inWorkspace((em) => sampleParents(em, workspaceId, { ...parent, entity: 'users' }))).toEqual({
    count: 0,
    ids: [],
  });
});
