import { describe, expect, it, test } from '@jest/globals';
import { allRows, at, entities, testNow, testWorld } from '../test-support/world.ts';
import { canonicalJson } from './truth.ts';
import { parentOf, type EntityType, type ProfileName, type Row, type World } from './types.ts';

const light = entities.filter((entity) => entity !== 'time_entries' && entity !== 'approval_requests');

function truths(world: World, order: readonly EntityType[] = entities) {
  return Object.fromEntries(order.map((entity) => [entity, world.truth(entity)]));
}

/** Some rows of a collection as text, those of a late parent where it is nested. */
function sample(world: World, entity: EntityType): string {
  const parent = parentOf[entity];
  const parentId = parent === null ? undefined : world.list(parent).at(-1)?.['id'];
  const rows = typeof parentId === 'string' ? world.list(entity, parentId) : parent === null ? world.list(entity) : [];
  return JSON.stringify([...rows.slice(0, 20), ...rows.slice(-20)]);
}

describe('a world', () => {
  test('has the same truth for the same options', () => {
    expect(truths(testWorld('XS'))).toEqual(truths(testWorld('XS')));
  });

  test.each<ProfileName>(['S', 'X'])('of profile %s has the same rows wherever one looks', (profile) => {
    const [one, other] = [testWorld(profile), testWorld(profile)];
    for (const entity of entities) expect(sample(one, entity)).toBe(sample(other, entity));
  });

  test('has byte-identical rows for the same options', () => {
    const text = (world: World) => entities.map((entity) => JSON.stringify(allRows(world, entity))).join('\n');
    expect(text(testWorld('XS'))).toBe(text(testWorld('XS')));
  });

  test('does not depend on the order in which it is asked', () => {
    expect(truths(testWorld('XS'), entities.toReversed())).toEqual(truths(testWorld('XS')));
  });

  test.each([
    ['seed', { seed: 2 }],
    ['workspace', { workspaceId: '64a687e29ae1f428e7ebe303' }],
  ])('has other ids with another %s', (_, options) => {
    const ids = new Set(
      testWorld('S')
        .list('projects')
        .map((row) => row['id']),
    );
    const others = testWorld('S', options).list('projects');
    expect(others.filter((row) => ids.has(row['id']))).toEqual([]);
  });

  test('reaches up to another now', () => {
    const later = testWorld('XS', { now: new Date(testNow.getTime() + 86_400_000) });
    expect(later.truth('projects').hash).not.toBe(testWorld('XS').truth('projects').hash);
  });

  test('takes the id of its workspace from the caller', () => {
    const world = testWorld('XS', { workspaceId: '64a687e29ae1f428e7ebe303' });
    expect(world.workspaceId).toBe('64a687e29ae1f428e7ebe303');
    expect(world.list('workspace')[0]).toMatchObject({ id: '64a687e29ae1f428e7ebe303' });
    expect(world.list('clients').every((row) => row['workspaceId'] === world.workspaceId)).toBe(true);
  });

  test('belongs to its first user', () => {
    const world = testWorld('S');
    const roles = expect.arrayContaining([expect.objectContaining({ role: 'OWNER' })]);
    expect(world.find('users', world.ownerId)).toMatchObject({ roles, status: 'ACTIVE' });
  });
});

describe('the plan', () => {
  it('of a freelancer has what the rows need and nothing above', () => {
    const world = testWorld('XS');
    expect(world.plan).toBe('FREE');
    expect(world.features).toContain('INVOICING');
    expect(world.features).not.toContain('TIME_OFF');
    expect(world.list('workspace')[0]).toMatchObject({ featureSubscriptionType: 'FREE', features: world.features });
  });

  it('named by the caller decides alone', () => {
    const world = testWorld('S', { plan: 'FREE' });
    expect(world.features).not.toContain('INVOICING');
    expect(world.list('expenses').length).toBeGreaterThan(0);
  });

  it('is refused when there is none of that name', () => {
    expect(() => testWorld('S', { plan: 'GOLD' })).toThrow('There is no plan GOLD');
  });
});

describe.each<ProfileName>(['XS', 'S'])('every collection of %s', (profile) => {
  const world = testWorld(profile);

  /** Each list of a collection with what it is below. */
  function listsOf(entity: EntityType): { parentId: string | undefined; rows: readonly Row[] }[] {
    const parent = parentOf[entity];
    const parents = parent === null ? [undefined] : world.list(parent).map((row) => String(row['id']));
    return parents.map((parentId) => ({ parentId, rows: world.list(entity, parentId) }));
  }

  it.each(entities)('%s has unique keys that find their rows', (entity) => {
    const some = listsOf(entity).flatMap(({ parentId, rows }) =>
      rows.slice(0, 60).map((row) => ({ row, key: keyIn(entity, row, parentId ?? world.workspaceId) })),
    );
    expect(new Set(some.map(({ key }) => key)).size).toBe(some.length);
    expect(some.filter(({ row, key }) => world.find(entity, key) !== row)).toEqual([]);
  });

  it.each(light)('%s is listed in ascending order of ids', (entity) => {
    for (const { rows } of listsOf(entity)) {
      const ids = rows.map((row) => (row['id'] as string | undefined) ?? '');
      expect(isSorted(ids)).toBe(true);
    }
  });

  it('lists approvals in ascending order of ids', () => {
    expect(isSorted(world.list('approval_requests').map((row) => at(row, 'approvalRequest.id') as string))).toBe(true);
  });

  it('lists time entries with the newest start first', () => {
    for (const { rows } of listsOf('time_entries')) {
      expect(isSorted(rows.map((row) => at(row, 'timeInterval.start') as string).toReversed())).toBe(true);
    }
  });

  it.each(entities)('%s survives JSON unchanged', (entity) => {
    for (const row of allRows(world, entity).slice(0, 30)) {
      expect(canonicalJson(JSON.parse(JSON.stringify(row)))).toBe(canonicalJson(row));
    }
  });
});

const isSorted = (texts: readonly string[]) =>
  texts.every((text, index) => index === 0 || (texts[index - 1] ?? '') <= text);

/** Written apart from the code under test. */
function keyIn(entity: EntityType, row: Readonly<Record<string, unknown>>, parentId: string): string {
  if (entity === 'approval_requests') return (row['approvalRequest'] as { id: string }).id;
  if (entity === 'member_profiles' || entity === 'invoice_settings') return parentId;
  const id = String(row['id']);
  return entity === 'project_custom_fields' || entity === 'user_managers' ? `${parentId}:${id}` : id;
}

test('a missing parent has no rows', () => {
  const world = testWorld('XS');
  expect(world.list('tasks', 'nobody')).toEqual([]);
  expect(world.list('member_profiles', 'nobody')).toEqual([]);
  expect(world.find('tasks', 'nobody')).toBeUndefined();
  expect(world.find('member_profiles', 'nobody')).toBeUndefined();
});
