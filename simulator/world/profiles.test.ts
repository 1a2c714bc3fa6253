import { describe, expect, it, test } from '@jest/globals';
import { allRows, testNow, testWorld } from '../test-support/world.ts';
import { createBlueprint } from './blueprint.ts';
import { entriesPerUser } from './entry-plan.ts';
import { countsOf } from './profiles.ts';
import { tasksPerProject } from './tasks.ts';
import type { EntityType, ProfileName } from './types.ts';

const counted = [
  'users',
  'clients',
  'projects',
  'tags',
  'expenses',
  'invoices',
  'approval_requests',
  'assignments',
  'user_groups',
  'custom_fields',
  'time_off_policies',
  'holidays',
  'time_off_requests',
] as const satisfies readonly EntityType[];

/** In the order of `counted`, then tasks and time entries. */
const expected: Record<ProfileName, readonly number[]> = {
  XS: [1, 15, 30, 12, 0, 60, 0, 0, 0, 0, 0, 0, 0, 60, 3_000],
  S: [12, 60, 250, 40, 1_800, 900, 1_800, 2_500, 4, 6, 5, 30, 120, 1_500, 55_000],
  M: [130, 450, 2_200, 120, 15_000, 6_000, 13_000, 20_000, 20, 15, 12, 60, 1_300, 12_000, 560_000],
  L: [1_000, 1_800, 9_000, 300, 80_000, 15_000, 100_000, 120_000, 80, 30, 40, 200, 10_000, 60_000, 2_600_000],
  X: [7, 600, 2_255, 60, 0, 1_500, 0, 0, 2, 4, 0, 15, 0, 4_500, 60_000],
};
const profiles = Object.keys(expected) as ProfileName[];
const sum = (numbers: readonly number[]) => numbers.reduce((left, right) => left + right, 0);
const blueprintOf = (profile: ProfileName) => createBlueprint({ profile, seed: 1, now: testNow });

describe.each(profiles)('profile %s', (profile) => {
  it('has the sizes of its kind of workspace', () => {
    const { tasks, time_entries: entries } = countsOf[profile];
    expect([...counted.map((entity) => countsOf[profile][entity]), tasks, entries]).toEqual(expected[profile]);
  });

  it('shares out all tasks', () => {
    const shares = tasksPerProject(blueprintOf(profile));
    expect(shares).toHaveLength(countsOf[profile].projects);
    expect(sum(shares)).toBe(countsOf[profile].tasks);
    expect(Math.min(...shares)).toBe(0);
    expect(shares).toContain(50);
  });

  it('shares out all time entries', () => {
    const shares = entriesPerUser(blueprintOf(profile));
    expect(shares).toHaveLength(countsOf[profile].users);
    expect(sum(shares)).toBe(countsOf[profile].time_entries);
  });
});

describe.each<ProfileName>(['XS', 'S'])('a world of profile %s', (profile) => {
  const world = testWorld(profile);

  it.each(counted)('has as many %s as it should', (entity) => {
    expect(world.truth(entity).count).toBe(countsOf[profile][entity]);
    expect(world.list(entity)).toHaveLength(countsOf[profile][entity]);
  });

  it('has all tasks and time entries', () => {
    expect(allRows(world, 'tasks')).toHaveLength(countsOf[profile].tasks);
    expect(allRows(world, 'time_entries')).toHaveLength(countsOf[profile].time_entries);
  });
});

describe.each<ProfileName>(['M', 'X'])('a world of profile %s', (profile) => {
  const world = testWorld(profile);

  it.each(counted)('has as many %s as it should', (entity) => {
    expect(world.list(entity)).toHaveLength(countsOf[profile][entity]);
  });
});

describe('sizes of lists', () => {
  test.each<ProfileName>(['M', 'L', 'X'])('%s has a project with 1,500 tasks and one with 200', (profile) => {
    expect(tasksPerProject(blueprintOf(profile))).toEqual(expect.arrayContaining([200, 1_500]));
  });

  test.each<ProfileName>(['S', 'M', 'L', 'X'])('%s has users with exactly 50, 200 and 1,000 entries', (profile) => {
    expect(entriesPerUser(blueprintOf(profile))).toEqual(expect.arrayContaining([0, 50, 200, 1_000]));
  });

  test('of the first projects and users are what was shared out', () => {
    const world = testWorld('X');
    const lengths = (parent: 'projects' | 'users', entity: EntityType, count: number) =>
      world
        .list(parent)
        .slice(0, count)
        .map((row) => world.list(entity, String(row['id'])).length);
    expect(lengths('projects', 'tasks', 4)).toEqual([0, 50, 200, 1_500]);
    expect(lengths('users', 'time_entries', 7)).toEqual(entriesPerUser(blueprintOf('X')));
  });
});
