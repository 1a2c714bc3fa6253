import { describe, expect, test } from '@jest/globals';
import { entities, testWorld } from '../test-support/world.ts';
import type { EntityType, Row, World } from './types.ts';

const first = (world: World, entity: EntityType): Row => world.list(entity)[0] ?? {};

function hashes(world: World): Record<string, string> {
  return Object.fromEntries(entities.map((entity) => [entity, world.truth(entity).hash]));
}

describe('truth', () => {
  test('is kept until a row changes', () => {
    const world = testWorld('XS');
    const truth = world.truth('time_entries');
    expect(world.truth('time_entries')).toBe(truth);
    world.insert('tags', world.make('tags'));
    expect(world.truth('time_entries')).toBe(truth);
  });

  test('of other collections does not change with a row', () => {
    const world = testWorld('XS');
    const { clients: _, ...before } = hashes(world);
    world.insert('clients', { ...first(world, 'clients'), note: 'Changed' });
    expect(hashes(world)).toMatchObject(before);
  });

  test('comes back with the old content', () => {
    const world = testWorld('XS');
    const before = world.truth('projects');
    const project = first(world, 'projects');
    world.insert('projects', { ...project, name: 'Renamed' });
    expect(world.truth('projects').hash).not.toBe(before.hash);
    world.insert('projects', project);
    expect(world.truth('projects')).toEqual(before);
  });

  test('changes when only one nested row does', () => {
    const world = testWorld('XS');
    const before = world.truth('time_entries');
    const entry = world.list('time_entries', world.ownerId)[7] ?? {};
    world.insert('time_entries', { ...entry, billable: !entry['billable'] }, world.ownerId);
    expect(world.truth('time_entries').count).toBe(before.count);
    expect(world.truth('time_entries').hash).not.toBe(before.hash);
  });

  test('sees changed settings of the workspace', () => {
    const world = testWorld('XS');
    const before = world.truth('workspace');
    world.insert('workspace', { ...first(world, 'workspace'), features: [] });
    expect(world.list('workspace')).toHaveLength(1);
    expect(world.truth('workspace').hash).not.toBe(before.hash);
    world.insert('invoice_settings', { ...first(world, 'invoice_settings'), labels: {} });
    expect(world.find('invoice_settings', world.workspaceId)).toMatchObject({ labels: {} });
  });
});
