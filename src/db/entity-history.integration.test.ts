import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { openTestMirror, owner, stranger } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { findHistory, findVersion, historySql, versionSql } from './entity-history.ts';
import { saveGone, saveSeen } from './observations.ts';
import { withWorkspace } from './orm.ts';
import { query } from './sql.ts';

const { workspaceId } = owner;
const ref = { workspaceId, entity: 'user_managers', id: 'user-1:user-2' } as const;
const foreign = { ...ref, workspaceId: stranger.workspaceId };
const all = { limit: 50 };

let mirror: TestMirror;
let observations = 0;
beforeAll(async () => {
  mirror = await openTestMirror();
});
afterAll(() => mirror.close());
beforeEach(async () => {
  await mirror.reset();
  observations = 0;
});

const observe = (source: 'event' | 'delta' = 'event') => ({
  workspaceId,
  entity: ref.entity,
  observedAt: new Date(Date.UTC(2026, 10, 1, 0, (observations += 1))).toISOString(),
  source,
});
const see = (payload: object, source?: 'event' | 'delta') =>
  saveSeen(mirror.orm, observe(source), [{ id: ref.id, parent: 'user-1', payload, hash: JSON.stringify(payload) }]);
const miss = () => saveGone(mirror.orm, observe(), [ref.id]);
const versionsOf = async (range: { before?: number; limit: number } = all) =>
  (await findHistory(mirror.orm, ref, range))?.versions ?? [];
const changesOf = async () => (await versionsOf()).map(({ changed }) => changed);

describe('an entity', () => {
  it('is told as it is held, with every version of it, newest first, each until the next', async () => {
    await see({ name: 'A' });
    await see({ name: 'B' }, 'delta');
    const history = await findHistory(mirror.orm, ref, all);
    const time = expect.stringMatching(/^20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/);
    expect(history).toEqual({
      kind: 'user_managers',
      id: 'user-1:user-2',
      parentId: 'user-1',
      version: 2,
      isDeleted: false,
      source: 'delta',
      observedAt: '2026-11-01T00:02:00.000000Z',
      changedAt: time,
      versions: [
        { version: 2, source: 'delta', isDeleted: false, from: history?.changedAt, to: null, changed: ['name'] },
        { version: 1, source: 'event', isDeleted: false, from: time, to: history?.changedAt, changed: null },
      ],
    });
  });

  it('that went and came back was the same while it was gone', async () => {
    await see({ name: 'A' });
    await miss();
    await see({ name: 'A' });
    expect((await versionsOf()).map(({ isDeleted, changed }) => ({ isDeleted, changed }))).toEqual([
      { isDeleted: false, changed: [] },
      { isDeleted: true, changed: [] },
      { isDeleted: false, changed: null },
    ]);
  });

  it('is not there for another workspace, nor are its versions', async () => {
    await see({ name: 'A' });
    expect(await findHistory(mirror.orm, foreign, all)).toBeUndefined();
    expect(await findVersion(mirror.orm, foreign, 1)).toBeUndefined();
  });

  it.each([{ entity: 'users' }, { id: 'user-1' }] as const)('is not there by another name: %j', async (other) => {
    await see({ name: 'A' });
    expect(await findHistory(mirror.orm, { ...ref, ...other }, all)).toBeUndefined();
    expect(await findVersion(mirror.orm, { ...ref, ...other }, 1)).toBeUndefined();
  });
});

describe('what changed', () => {
  it.each<[string, object, object, string[]]>([
    ['a value', { name: 'A', archived: false }, { name: 'B', archived: false }, ['name']],
    ['members that came and went', { a: 1, z: 1 }, { b: 1, z: 1 }, ['a', 'b']],
    ['null in the place of nothing', {}, { note: null }, ['note']],
    ['a value deep inside', { rate: { amount: 1 } }, { rate: { amount: 2 } }, ['rate']],
    ['the order of a list', { ids: ['a', 'b'] }, { ids: ['b', 'a'] }, ['ids']],
    ['the type of a value', { count: '1' }, { count: 1 }, ['count']],
    ['the order of members', { a: { b: 1, c: 2 } }, { a: { c: 2, b: 1 } }, []],
    ['members by their name, capitals first', { z: 1, B: 1, a: 1 }, { z: 2, B: 2, a: 2 }, ['B', 'a', 'z']],
    ['a member of a strange name', {}, { '"},{"x': 1, ['__proto__']: 1 }, ['"},{"x', '__proto__']],
  ])('is told: %s', async (_, before, after, changed) => {
    await see(before);
    await see(after);
    expect(await changesOf()).toEqual([changed, null]);
  });
});

describe('many versions', () => {
  beforeEach(async () => {
    for (let n = 1; n <= 7; n += 1) await see({ name: `name ${n}` });
  });

  it('come page by page, each compared with the one before, which may be on the next page', async () => {
    const numbers = [];
    for (let before; ; before = numbers.at(-1)) {
      const page = await versionsOf({ limit: 3, ...(before !== undefined && { before }) });
      if (page.length === 0) break;
      for (const { version, changed } of page) expect(changed).toEqual(version === 1 ? null : ['name']);
      numbers.push(...page.map(({ version }) => version));
    }
    expect(numbers).toEqual([7, 6, 5, 4, 3, 2, 1]);
  });

  it('are each found with what they held', async () => {
    for (const version of [1, 4, 7])
      expect(await findVersion(mirror.orm, ref, version)).toEqual({ version, payload: { name: `name ${version}` } });
    expect(await findVersion(mirror.orm, ref, 8)).toBeUndefined();
  });

  it('begin where they were first kept', async () => {
    await mirror.rows('delete from entity_versions where version < 5');
    expect((await versionsOf()).map(({ version, changed }) => [version, changed])).toEqual([
      [7, ['name']],
      [6, ['name']],
      [5, null],
    ]);
  });
});

describe('on a large table', () => {
  beforeEach(async () => {
    await mirror.rows(
      `insert into workspace_data (workspace_id, entity_type, entity_id, payload, hash, version, observed_at, changed_at)
       select case when n % 2 = 0 then $1 else $2 end, 'tags', 'id' || n, '{}', '', 1, now(), now()
       from generate_series(1, 5000) n`,
      [workspaceId, stranger.workspaceId],
    );
    await mirror.rows(
      `insert into entity_versions (workspace_id, entity_type, entity_id, version, payload, hash, source, is_deleted,
         valid_from, valid_to)
       select $1, 'tags', 'id' || 2 * (n % 10), n, '{}', '', 'scan', false, now(), now() from generate_series(1, 5000) n`,
      [workspaceId],
    );
    await mirror.rows('analyze workspace_data, entity_versions');
  });

  const planOf = (sql: string, parameters: unknown[]) =>
    withWorkspace(mirror.orm, workspaceId, async (em) => {
      const lines = await query<{ 'QUERY PLAN': string }>(em, `explain ${sql}`, parameters);
      return lines.map((line) => line['QUERY PLAN']).join('\n');
    });

  it.each<[string, string, unknown[], string[]]>([
    [
      'a page of the history of an entity',
      historySql,
      [3_000, 50],
      ['Backward using entity_versions_pkey', 'using workspace_data_pkey', 'using workspace_data_pkey'],
    ],
    ['one version', versionSql, [3_000], ['using entity_versions_pkey', 'using workspace_data_pkey']],
  ])('%s is found through primary keys, without sorting what is not shown', async (_, sql, parameters, scans) => {
    const plan = await planOf(sql, [workspaceId, 'tags', 'id8', ...parameters]);
    expect(plan).not.toMatch(/Seq Scan|Bitmap/);
    const used = [...plan.matchAll(/Index Scan ((?:Backward )?using \w+)/g)].map(([, scan = '']) => scan);
    expect(used.toSorted()).toEqual(scans);
    expect(plan).toContain(`Index Cond: ((workspace_id = '${workspaceId}'::text) AND (entity_type = 'tags'::text)`);
  });
});
