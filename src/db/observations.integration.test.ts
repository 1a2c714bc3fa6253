import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { firstRun, install, openTestMirror, owner, startRun, storePage, stranger } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import type { EntityType } from '../domain/entities.ts';
import { findHeld, findUnseen, saveGone, saveSeen } from './observations.ts';
import type { Extent, Observation } from './observations.ts';

const { workspaceId } = owner;

let mirror: TestMirror;
beforeAll(async () => {
  mirror = await openTestMirror();
});
afterAll(() => mirror.close());
beforeEach(() => mirror.reset());

/** A moment of the day in which everything here happens. */
const at = (minute: number): string => `2026-11-21T10:${String(minute).padStart(2, '0')}:00.000001Z`;
const seenAt = (minute: number, entity: EntityType = 'tags'): Observation => ({
  workspaceId,
  entity,
  observedAt: at(minute),
  source: 'event',
});
const row = (id: string, name: string, parent: string | null = null) => ({ id, parent, payload: { name }, hash: name });
const see = (minute: number, ...rows: ReturnType<typeof row>[]) => saveSeen(mirror.orm, seenAt(minute), rows);
const miss = (minute: number, ...ids: string[]) => saveGone(mirror.orm, seenAt(minute), ids);

/** `name version`, or `gone version`, of each row. */
async function held(entity: EntityType = 'tags'): Promise<Record<string, string>> {
  const rows = await mirror.rows(
    `select entity_id as id, version, case when deleted_at is null then payload->>'name' else 'gone' end as name
     from workspace_data where entity_type = $1 order by 1`,
    [entity],
  );
  return Object.fromEntries(rows.map(({ id, name, version }) => [String(id), `${String(name)} ${String(version)}`]));
}

describe('what was seen', () => {
  it('is stored, and tells what changed', async () => {
    expect(await see(1, row('a', 'A'), row('b', 'B'))).toEqual(['a', 'b']);
    expect(await see(2, row('a', 'A'), row('b', 'C'))).toEqual(['b']);
    expect(await held()).toEqual({ a: 'A 1', b: 'C 2' });
  });

  it('never overwrites what was seen later', async () => {
    await see(2, row('a', 'new'));
    expect(await see(1, row('a', 'old'))).toEqual([]);
    expect(await held()).toEqual({ a: 'new 1' });
  });

  it('counts as seen now even if it looks as before: an answer from between is older', async () => {
    await see(1, row('a', 'A'));
    await see(3, row('a', 'A'));
    await see(2, row('a', 'B'));
    expect(await held()).toEqual({ a: 'A 1' });
  });

  it('brings back what was gone before, and not what was found gone since', async () => {
    await see(1, row('a', 'A'), row('b', 'B'));
    await miss(2, 'a');
    await miss(4, 'b');
    await see(3, row('a', 'A'), row('b', 'B'));
    expect(await held()).toEqual({ a: 'A 3', b: 'gone 2' });
  });

  it('is stored although Postgres has no such characters', async () => {
    await see(1, { ...row('a', 'A'), payload: { name: 'nul \u0000 and half \ud800' } });
    expect(await held()).toEqual({ a: 'nul \ufffd and half \ufffd 1' });
  });
});

describe('what is gone', () => {
  it('is marked, with its last content, and told of once', async () => {
    await see(1, row('a', 'A'));
    expect(await miss(2, 'a')).toEqual(['a']);
    expect(await miss(3, 'a')).toEqual([]);
    expect(await held()).toEqual({ a: 'gone 2' });
    expect(await mirror.rows('select payload, source from workspace_data')).toEqual([
      { payload: { name: 'A' }, source: 'event' },
    ]);
  });

  it('stays as it was when it was seen later', async () => {
    await see(3, row('a', 'A'));
    expect(await miss(2, 'a')).toEqual([]);
    expect(await held()).toEqual({ a: 'A 1' });
  });

  it('is not brought back by a page that a run had read before, also when it was never held', async () => {
    await install(mirror.orm);
    await startRun(mirror.orm);
    const tags = { workspaceId, runId: firstRun.runId, entity: 'tags', loop: 0 } as const;
    expect(await miss(2, 'a')).toEqual([]);
    await storePage(mirror.orm, tags, [{ id: 'a' }, { id: 'b' }], { observedAt: at(1) });
    expect(Object.keys(await held())).toEqual(['a', 'b']);
    expect(await held()).toMatchObject({ a: 'gone 1' });
  });

  it('takes what is below it along, but for what outlives it and what was seen later', async () => {
    const below = (entity: EntityType, minute: number, id: string) =>
      saveSeen(mirror.orm, seenAt(minute, entity), [row(id, 'x', 'p')]);
    await saveSeen(mirror.orm, seenAt(1, 'projects'), [row('p', 'P'), row('q', 'Q')]);
    await below('tasks', 1, 't1');
    await below('tasks', 3, 't2');
    await saveSeen(mirror.orm, seenAt(1, 'tasks'), [row('t3', 'x', 'q')]);
    await below('project_custom_fields', 1, 'p:f');
    await below('time_entries', 1, 'e');
    await saveGone(mirror.orm, seenAt(2, 'projects'), ['p']);
    await saveGone(mirror.orm, seenAt(2, 'users'), ['p']);
    expect(await held('tasks')).toEqual({ t1: 'gone 2', t2: 'x 1', t3: 'x 1' });
    expect(await held('project_custom_fields')).toEqual({ 'p:f': 'gone 2' });
    expect(await held('time_entries')).toEqual({ e: 'x 1' });
  });

  it('lets nothing come below it that was seen before', async () => {
    await install(mirror.orm);
    await startRun(mirror.orm);
    const tasks = { workspaceId, runId: firstRun.runId, entity: 'tasks', loop: 0 } as const;
    await saveGone(mirror.orm, seenAt(2, 'projects'), ['p']);
    await storePage(mirror.orm, tasks, [{ id: 'a', parent: 'p' }], { observedAt: at(1) });
    await saveSeen(mirror.orm, seenAt(1, 'tasks'), [row('b', 'x', 'p'), row('c', 'x', 'q')]);
    expect(await held('tasks')).toEqual({ c: 'x 1' });
    await storePage(mirror.orm, tasks, [{ id: 'a', parent: 'p', payload: { name: 'x' } }], { observedAt: at(3) });
    expect(await held('tasks')).toEqual({ a: 'x 1', c: 'x 1' });
  });

  it('is gone for its workspace alone', async () => {
    const elsewhere = { ...seenAt(1), workspaceId: stranger.workspaceId };
    await saveSeen(mirror.orm, elsewhere, [row('a', 'A')]);
    await miss(2, 'a');
    expect(await mirror.rows('select from workspace_data where deleted_at is null')).toHaveLength(1);
  });
});

describe('what a complete answer missed', () => {
  beforeEach(async () => {
    await saveSeen(mirror.orm, seenAt(1, 'tasks'), [row('a', 'x', 'p'), row('b', 'x', 'p'), row('c', 'x', 'q')]);
    await saveSeen(mirror.orm, seenAt(5, 'tasks'), [row('late', 'x', 'p')]);
    const members = ['u', 'u', 'v'].map((userId, index) => ({ ...row(`e${index}`, 'x'), payload: { userId } }));
    await saveSeen(mirror.orm, seenAt(1, 'expenses'), members);
    const days = ['2026-01-01', '2026-06-01'].map((start) => ({ ...row(start, 'x'), payload: { period: { start } } }));
    await saveSeen(mirror.orm, seenAt(1, 'assignments'), days);
  });
  const times = { path: ['period', 'start'], from: '2026-05-01', to: null };

  it.each<[string, EntityType, Extent, string[], string[]]>([
    ['of one parent', 'tasks', { kind: 'parent', id: 'p' }, ['a'], ['b']],
    ['of one member', 'expenses', { kind: 'member', id: 'u' }, ['e0'], ['e1']],
    ['of a list', 'tasks', { kind: 'list', times: null }, ['a', 'b'], ['c']],
    ['of a list, within its window', 'assignments', { kind: 'list', times }, [], ['2026-06-01']],
    ['of the rows that were asked for', 'tags', { kind: 'rows', ids: ['t', 's'] }, ['s'], ['t']],
  ])('%s', async (_, entity, extent, seen, missing) => {
    expect(await findUnseen(mirror.orm, seenAt(3, entity), seen, extent)).toEqual(missing);
  });
});

it('a row that is held tells its parent; one that is gone or unknown is not held', async () => {
  await saveSeen(mirror.orm, seenAt(1, 'tasks'), [row('a', 'x', 'p'), row('b', 'x', 'p')]);
  await saveGone(mirror.orm, seenAt(2, 'tasks'), ['b']);
  const find = (id: string) => findHeld(mirror.orm, { workspaceId, entity: 'tasks', id });
  expect([await find('a'), await find('b'), await find('c')]).toEqual([{ parent: 'p' }, undefined, undefined]);
});
