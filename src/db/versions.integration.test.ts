import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { firstRun, install, openTestMirror, owner, startRun, storePage, stranger } from '../../test/support/mirror.ts';
import type { TestMirror } from '../../test/support/mirror.ts';
import { withWorkspace } from './orm.ts';
import { markUnseenDeleted } from './settle.ts';
import { query } from './sql.ts';
import { changesBetween, changesSql, entityAt, entityAtSql } from './versions.ts';
import type { MirrorChange } from './versions.ts';

const { workspaceId } = owner;
const tags = { workspaceId, runId: firstRun.runId, entity: 'tags', loop: 0 } as const;
const ref = { workspaceId, entity: 'tags', id: 'a' } as const;

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

async function now(): Promise<string> {
  const [row] = await mirror.rows(
    `select to_char(clock_timestamp() at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as now`,
  );
  return String(row?.['now']);
}

/** Stores the contents one after the other; the times before the first, between them and after the last. */
async function storeOneByOne(...names: string[]): Promise<string[]> {
  const times = [await now()];
  for (const name of names) {
    await storePage(mirror.orm, tags, [{ id: 'a', payload: { name }, hash: name }]);
    times.push(await now());
  }
  return times;
}

const nameAt = async (at: string | undefined) => (await entityAt(mirror.orm, ref, at ?? ''))?.payload['name'];
const briefly = ({ id, version, isDeleted }: MirrorChange) => `${id} ${version}${isDeleted ? ' deleted' : ''}`;

describe('what an entity looked like', () => {
  it('is known for every moment since the first copy', async () => {
    const times = await storeOneByOne('A', 'B', 'A');
    expect(await Promise.all(times.map(nameAt))).toEqual([undefined, 'A', 'B', 'A']);
    expect(await entityAt(mirror.orm, ref, times[3] ?? '')).toMatchObject({ version: 3, source: 'scan' });
  });

  it('is not written again by a copy that finds nothing new', async () => {
    await storeOneByOne('A', 'A', 'A');
    expect(await mirror.rows('select 1 from entity_versions')).toEqual([]);
  });

  it('is known after it was deleted, and that it was', async () => {
    const times = await storeOneByOne('A');
    await storePage(mirror.orm, tags, [], { observedAt: new Date().toISOString() });
    await mirror.rows(`update bootstrap_endpoints set started_at = clock_timestamp()`);
    await mirror.rows(`delete from bootstrap_pages`);
    await markUnseenDeleted(mirror.orm, { workspaceId, runId: firstRun.runId, entity: 'tags' }, null);
    expect(await entityAt(mirror.orm, ref, await now())).toMatchObject({ isDeleted: true, payload: { name: 'A' } });
    expect(await entityAt(mirror.orm, ref, times[1] ?? '')).toMatchObject({ isDeleted: false });
  });

  it('tells by what it was learned, also when code from before the versions wrote it', async () => {
    const [, first] = await storeOneByOne('A');
    await mirror.rows(
      `update workspace_data set payload = '{"name":"B"}', hash = 'B', version = version + 1, changed_at = clock_timestamp(), source = 'event'`,
    );
    expect(await entityAt(mirror.orm, ref, await now())).toMatchObject({ source: 'event', version: 2 });
    expect(await entityAt(mirror.orm, ref, first ?? '')).toMatchObject({ source: 'scan', version: 1 });
  });

  it('is told to its workspace alone', async () => {
    await storeOneByOne('A', 'B');
    expect(await entityAt(mirror.orm, { ...ref, workspaceId: stranger.workspaceId }, await now())).toBeNull();
    expect(await changesBetween(mirror.orm, stranger.workspaceId, { from: '2020-01-01', to: await now() })).toEqual([]);
  });
});

describe('what changed between two times', () => {
  it('is each version that began there', async () => {
    const times = await storeOneByOne('A', 'B', 'C');
    const between = (from: number, to: number) =>
      changesBetween(mirror.orm, workspaceId, { from: times[from] ?? '', to: times[to] ?? '' });
    expect((await between(0, 3)).map(briefly)).toEqual(['a 1', 'a 2', 'a 3']);
    expect((await between(1, 2)).map(briefly)).toEqual(['a 2']);
    expect(await between(3, 3)).toEqual([]);
  });

  it('comes in pages without losing or repeating a change, many of one moment too', async () => {
    await mirror.rows(
      `insert into workspace_data (workspace_id, entity_type, entity_id, payload, hash, version, observed_at, changed_at)
       select $1, kind, 'id' || n, '{}', '', 1, now(), now() from generate_series(1, 25) n, unnest(array['tags', 'workspace']) kind`,
      [workspaceId],
    );
    await mirror.rows(
      `update workspace_data set version = 2, hash = 'x', changed_at = now() where entity_type = 'tags'`,
    );
    const seen: MirrorChange[] = [];
    for (;;) {
      const after = seen.at(-1);
      const range = { from: '2020-01-01', to: await now(), limit: 7, ...(after && { after }) };
      const page = await changesBetween(mirror.orm, workspaceId, range);
      if (page.length === 0) break;
      seen.push(...page);
    }
    expect(seen).toHaveLength(75);
    expect(new Set(seen.map((change) => `${change.entity} ${briefly(change)}`)).size).toBe(75);
    expect(seen.map(({ at }) => at)).toEqual(seen.map(({ at }) => at).toSorted());
  });
});

describe('on a large table', () => {
  beforeEach(async () => {
    await mirror.rows(
      `insert into workspace_data (workspace_id, entity_type, entity_id, payload, hash, version, observed_at, changed_at)
       select case when n % 2 = 0 then $1 else $2 end, 'tags', 'id' || n, '{}', '', 1, now(), now() - n * interval '1 minute'
       from generate_series(1, 5000) n`,
      [workspaceId, stranger.workspaceId],
    );
    await mirror.rows(`update workspace_data set version = 2, changed_at = now()`);
    await mirror.rows('analyze workspace_data, entity_versions');
  });

  const planOf = (sql: string, parameters: unknown[]) =>
    withWorkspace(mirror.orm, workspaceId, async (em) => {
      const lines = await query<{ 'QUERY PLAN': string }>(em, `explain ${sql}`, parameters);
      return lines.map((line) => line['QUERY PLAN']).join('\n');
    });

  it.each<[string, string, () => unknown[]]>([
    ['a moment of an entity', entityAtSql, () => [workspaceId, 'tags', 'id8', new Date().toISOString()]],
    [
      'the changes of an hour',
      changesSql,
      () => [workspaceId, new Date(Date.now() - 3_600_000).toISOString(), 'zzz', '', 0, new Date().toISOString(), 200],
    ],
  ])('%s is found through indexes', async (_, sql, parameters) => {
    const plan = await planOf(sql, parameters());
    expect(plan).not.toContain('Seq Scan');
    expect(plan).not.toMatch(/^\s*Sort .*\n.*Seq/m);
    expect(plan.match(/Index (Only )?Scan/g)).toHaveLength(2);
  });
});
