import { describe, expect, it, test } from '@jest/globals';
import { allRows, at, entities, testWorld } from '../test-support/world.ts';
import { rowKey } from './row-key.ts';
import { parentOf, type EntityType, type Row, type World } from './types.ts';

const idOf = (row: Row | undefined) => String(row?.['id']);
const first = (world: World, entity: EntityType, parentId?: string) => world.list(entity, parentId)[0] ?? {};

/** The first row of the parent collection, if there is one. */
function someParent(world: World, entity: EntityType): string | undefined {
  const parent = parentOf[entity];
  return parent === null ? undefined : idOf(world.list(parent)[1] ?? first(world, parent));
}

function hashes(world: World): Record<string, string> {
  return Object.fromEntries(entities.map((entity) => [entity, world.truth(entity).hash]));
}

const makeable = entities.filter(
  (entity) => !['workspace', 'invoice_settings', 'member_profiles', 'invoice_details'].includes(entity),
);

const small = testWorld('XS');
const full = testWorld('S');

describe.each(makeable)('a made row of %s', (entity) => {
  const world = small.truth(entity).count > 0 ? small : full;
  const parentId = someParent(world, entity);
  const row = world.make(entity, parentId);
  const key = rowKey(entity, row, parentId);

  it('is not part of the world, and is no row that was made before', () => {
    expect(world.find(entity, key)).toBeUndefined();
    expect(rowKey(entity, world.make(entity, parentId), parentId)).not.toBe(key);
  });

  it('looks like the others', () => {
    const example = allRows(world, entity)[0] ?? {};
    expect(Object.keys(row).sort()).toEqual(Object.keys(example).sort());
  });

  it('can be inserted, found, and removed again without a trace', () => {
    const before = world.truth(entity);
    world.insert(entity, row, parentId);
    expect(world.find(entity, key)).toBe(row);
    expect(world.list(entity, parentId)).toContain(row);
    expect(world.truth(entity).count).toBe(before.count + 1);
    expect(world.truth(entity).hash).not.toBe(before.hash);
    expect(world.remove(entity, key)).toBe(true);
    expect(world.find(entity, key)).toBeUndefined();
    expect(world.truth(entity)).toEqual(before);
  });
});

describe('inserting', () => {
  test('leaves a list that was read before as it was', () => {
    const world = testWorld('XS');
    const before = world.list('clients');
    world.insert('clients', world.make('clients'));
    expect(before).toHaveLength(15);
    expect(world.list('clients')).toHaveLength(16);
  });

  test('answers the same list until something changes', () => {
    const world = testWorld('XS');
    expect(world.list('tags')).toBe(world.list('tags'));
    expect(world.list('time_entries', world.ownerId)).toBe(world.list('time_entries', world.ownerId));
  });

  test('puts a row where its id belongs', () => {
    const world = testWorld('XS');
    const removed = world.list('tags')[5] ?? {};
    world.remove('tags', idOf(removed));
    world.insert('tags', removed);
    expect(world.list('tags')[5]).toBe(removed);
  });

  test('puts a time entry where its start belongs', () => {
    const world = testWorld('XS');
    const entry = world.make('time_entries', world.ownerId);
    const interval = { start: '2025-06-01T00:00:00Z', end: '2025-06-01T01:00:00Z', duration: 'PT1H' };
    world.insert('time_entries', { ...entry, timeInterval: interval }, world.ownerId);
    const starts = world.list('time_entries', world.ownerId).map((row) => String(at(row, 'timeInterval.start')));
    expect(starts).toHaveLength(3_001);
    expect(starts).toEqual(starts.toSorted().toReversed());
  });

  test('replaces the row of the same key', () => {
    const world = testWorld('XS');
    const client = first(world, 'clients');
    world.insert('clients', { ...client, name: 'Renamed' });
    expect(world.list('clients')).toHaveLength(15);
    expect(world.find('clients', idOf(client))).toMatchObject({ name: 'Renamed' });
  });

  test.each<[EntityType, string]>([
    ['tasks', 'projects'],
    ['time_entries', 'users'],
    ['time_off_balances', 'time_off_policies'],
  ])('takes the parent of %s from the row when none is named', (entity, parent) => {
    const world = testWorld('S');
    const parentId = idOf(world.list(parent as EntityType)[1]);
    const row = world.make(entity, parentId);
    world.insert(entity, row);
    expect(world.list(entity, parentId)).toContain(row);
  });

  test('accepts ids of other origin', () => {
    const world = testWorld('XS');
    const project = { ...world.make('projects'), id: '64a687e29ae1f428e7ebe303' };
    world.insert('projects', project);
    expect(world.list('tasks', project.id)).toEqual([]);
    const task = { ...world.make('tasks', project.id), id: 'ffffffffffffffffffffffff' };
    world.insert('tasks', task, project.id);
    expect(task).toMatchObject({ projectId: project.id });
    expect(world.find('tasks', task.id)).toBe(task);
  });

  test.each([undefined, 'nobody'])('is refused below the parent %s', (parentId) => {
    const world = testWorld('XS');
    const row = { id: '64a687e29ae1f428e7ebe303' };
    expect(() => world.insert('tasks', row, parentId)).toThrow('A row of tasks needs an existing parent of projects.');
    expect(world.truth('tasks').count).toBe(60);
  });

  test('is refused for a row without a key', () => {
    expect(() => testWorld('XS').insert('clients', { name: 'No id' })).toThrow('A row of clients has no key.');
  });

  test('a new project begins without tasks, a new user without entries', () => {
    const world = testWorld('XS');
    const [project, user] = [world.make('projects'), world.make('users')];
    world.insert('projects', project);
    world.insert('users', user);
    expect(world.list('tasks', idOf(project))).toEqual([]);
    expect(world.list('time_entries', idOf(user))).toEqual([]);
    expect(world.find('member_profiles', idOf(user))).toMatchObject({ email: user['email'] });
  });
});

describe('making', () => {
  test('takes the first parent when none is named', () => {
    const world = testWorld('XS');
    expect(world.make('tasks')).toMatchObject({ projectId: idOf(first(world, 'projects')) });
  });

  test('is refused below a parent that does not exist', () => {
    expect(() => testWorld('XS').make('tasks', 'nobody')).toThrow('name an existing parent');
  });

  test('gives the same rows in the same order of calls', () => {
    const rows = (world: World) => [world.make('clients'), world.make('time_entries'), world.make('clients')];
    expect(rows(testWorld('XS'))).toEqual(rows(testWorld('XS')));
  });
});

describe('removing', () => {
  test('answers false when there was no such row', () => {
    const world = testWorld('XS');
    const before = hashes(world);
    expect(world.remove('clients', 'nobody')).toBe(false);
    expect(world.remove('tasks', 'nobody')).toBe(false);
    expect(hashes(world)).toEqual(before);
  });

  test('takes the rows below along, and they do not come back with the parent', () => {
    const world = testWorld('XS');
    const project = world.list('projects')[1] ?? {};
    const task = first(world, 'tasks', idOf(project));
    expect(world.list('tasks', idOf(project))).toHaveLength(50);
    world.remove('projects', idOf(project));
    expect(world.list('tasks', idOf(project))).toEqual([]);
    expect(world.find('tasks', idOf(task))).toBeUndefined();
    expect(world.truth('tasks').count).toBe(10);
    world.insert('projects', project);
    expect(world.list('tasks', idOf(project))).toEqual([]);
  });

  test('a parent before its rows were ever read has the same end', () => {
    const removeProject = (world: World) => world.remove('projects', idOf(world.list('projects')[1]));
    const [untouched, read] = [testWorld('XS'), testWorld('XS')];
    allRows(read, 'tasks');
    removeProject(untouched);
    removeProject(read);
    expect(hashes(untouched)).toEqual(hashes(read));
  });

  test('a user takes entries, profile and managers along', () => {
    const world = testWorld('S');
    const user = idOf(world.list('users')[5]);
    expect(world.list('time_entries', user)).toHaveLength(50);
    world.remove('users', user);
    expect(world.list('time_entries', user)).toEqual([]);
    expect(world.find('member_profiles', user)).toBeUndefined();
    expect(world.list('user_managers', user)).toEqual([]);
  });
});

describe('rows that follow their parent', () => {
  test('an invoice keeps its details in step', () => {
    const world = testWorld('XS');
    const invoice = world.list('invoices')[1] ?? {};
    const before = world.truth('invoice_details');
    world.insert('invoices', { ...invoice, status: 'PAID', paid: invoice['amount'], balance: 0 });
    expect(world.find('invoice_details', idOf(invoice))).toMatchObject({ status: 'PAID', balance: 0 });
    expect(world.truth('invoice_details').hash).not.toBe(before.hash);
  });

  test('details changed by themselves stay', () => {
    const world = testWorld('XS');
    const invoice = world.list('invoices')[1] ?? {};
    const details = world.find('invoice_details', idOf(invoice));
    world.insert('invoice_details', { ...details, subject: 'Changed' });
    world.insert('invoices', { ...invoice, number: 'X-1' });
    expect(world.find('invoice_details', idOf(invoice))).toMatchObject({ subject: 'Changed' });
  });

  test('a restored parent has its row again', () => {
    const world = testWorld('XS');
    const before = world.truth('invoice_details');
    const invoice = world.list('invoices')[1] ?? {};
    world.remove('invoices', idOf(invoice));
    expect(world.truth('invoice_details').count).toBe(before.count - 1);
    world.insert('invoices', invoice);
    expect(world.truth('invoice_details')).toEqual(before);
  });
});
