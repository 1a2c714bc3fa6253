import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { storePastRun, storeRows } from '../../test/support/past-runs.ts';
import { openTestMirror, owner } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { withWorkspace } from '../db/orm.ts';
import type { BootstrapOptions } from '../domain/bootstrap-options.ts';
import type { EntityType } from '../domain/entities.ts';
import { getReadingRule } from '../domain/reading-rules.ts';
import { countCopiedCosts } from './copied-costs.ts';

const { workspaceId } = owner;
const now = new Date('2026-06-01T00:00:00Z');
let mirror: TestMirror;
beforeAll(async () => {
  mirror = await openTestMirror();
});
afterAll(() => mirror.close());
beforeEach(() => mirror.reset());

async function count(entities: readonly EntityType[], options: Partial<BootstrapOptions> = {}) {
  const rules = entities.map(getReadingRule);
  const { measures, ...rest } = await withWorkspace(mirror.orm, workspaceId, (em) =>
    countCopiedCosts(em, {
      workspaceId,
      rules,
      options: { scope: 'standard', timeEntries: true, ...options },
      now,
      pageSizeOf: () => 2,
      maxPages: 10,
    }),
  );
  return { ...rest, measures: Object.fromEntries(measures) };
}

const many = (prefix: string, rows: number, parent?: string) =>
  Array.from({ length: rows }, (_, index) => ({ id: `${prefix}${index}`, ...(parent !== undefined && { parent }) }));

describe('a copy', () => {
  it('costs what reading each of its lists to the end costs', async () => {
    await storePastRun(mirror, {
      id: 'run',
      startedAt: '2026-05-01T00:00:00Z',
      states: { tags: 'read', invoices: 'read', projects: 'read', tasks: 'read' },
    });
    await storeRows(mirror, 'tags', many('tag', 4));
    await storeRows(mirror, 'invoices', many('invoice', 4));
    await storeRows(mirror, 'projects', many('p', 3));
    await storeRows(mirror, 'tasks', [...many('a', 5, 'p0'), ...many('b', 2, 'p1')]);
    const { measures, since } = await count(['tags', 'invoices', 'projects', 'tasks']);
    expect(measures).toEqual({
      // A full last page without a count is no end.
      tags: { calls: 3, margin: 0, rows: 4 },
      invoices: { calls: 2, margin: 0, rows: 4 },
      projects: { calls: 2, margin: 0, rows: 3 },
      tasks: { calls: 3 + 2 + 1, margin: 0, rows: 7 },
    });
    expect(since).toBe('2026-05-01T00:00:00.000Z');
  });

  it('of what is asked for no kind was read is none', async () => {
    await storePastRun(mirror, { id: 'run', startedAt: '2026-05-01', states: { tags: 'skipped', users: 'failed' } });
    await storeRows(mirror, 'tags', many('tag', 4));
    expect(await count(['tags', 'users'])).toEqual({ measures: {}, parents: new Map(), since: null });
  });

  it('of the parents alone names some of them', async () => {
    await storePastRun(mirror, { id: 'run', startedAt: '2026-05-01', states: { projects: 'read' } });
    await storeRows(mirror, 'projects', many('p', 3));
    const { measures, parents } = await count(['projects', 'tasks']);
    expect(Object.keys(measures)).toEqual(['projects']);
    const [population] = parents.values();
    expect(population).toMatchObject({ count: 3, margin: 0 });
    expect(population?.ids.toSorted()).toEqual(['p0', 'p1', 'p2']);
  });
});

describe('time entries', () => {
  const entry = (id: string, start: string) => ({ id, parent: 'u', payload: { timeInterval: { start } } });
  const rowsOf = async (options: Partial<BootstrapOptions>) =>
    (await count(['users', 'time_entries'], options)).measures['time_entries']?.rows ?? null;

  beforeEach(async () => {
    await storeRows(mirror, 'users', [{ id: 'u' }]);
    await storeRows(mirror, 'time_entries', [
      entry('a', '2026-05-30T08:00:00Z'),
      entry('b', '2026-05-10T08:00:00Z'),
      entry('c', '2020-01-01T08:00:00Z'),
    ]);
  });

  const states = { users: 'read', time_entries: 'read' };

  it('of all times tell about any window', async () => {
    await storePastRun(mirror, { id: 'run', startedAt: '2026-05-31', states });
    expect(await rowsOf({})).toBe(3);
    expect(await rowsOf({ timeEntryDays: 30 })).toBe(2);
    expect(await rowsOf({ timeEntryDays: 7 })).toBe(1);
  });

  it('of a month tell nothing about a year, nor about all times', async () => {
    await storePastRun(mirror, { id: 'run', startedAt: '2026-05-31', options: { timeEntryDays: 30 }, states });
    expect(await rowsOf({ timeEntryDays: 29 })).toBe(2);
    expect(await rowsOf({ timeEntryDays: 365 })).toBeNull();
    expect(await rowsOf({})).toBeNull();
  });
});
