import { describe, expect, it, test } from '@jest/globals';
import { allRows, at, testNow, testWorld } from '../test-support/world.ts';
import { europeanSummer } from './calendar.ts';
import { longDescription } from './names.ts';
import type { ProfileName, Row } from './types.ts';

const isNullish = (value: unknown) => value === null || value === undefined || value === '';
const text = (row: Row, path: string) => String(at(row, path));
const instant = (row: Row, path: string) => Date.parse(text(row, path));

describe.each<ProfileName>(['XS', 'S', 'X'])('work in %s', (profile) => {
  const world = testWorld(profile);
  const [projects, clients] = [world.list('projects'), world.list('clients')];
  const own = world.list('time_entries', world.ownerId);

  test('60 to 85 percent of the projects are archived', () => {
    const share = projects.filter((row) => row['archived']).length / projects.length;
    expect(share).toBeGreaterThanOrEqual(0.6);
    expect(share).toBeLessThanOrEqual(0.85);
  });

  test('an archived client has an active project', () => {
    const archived = new Set(clients.filter((row) => row['archived']).map((row) => row['id']));
    expect(projects.some((row) => row['archived'] === false && archived.has(row['clientId']))).toBe(true);
  });

  test('a project has no client', () => {
    expect(projects.some((row) => row['clientId'] === '' && row['clientName'] === '')).toBe(true);
  });

  test('two projects have one name', () => {
    expect(new Set(projects.map((row) => row['name'])).size).toBeLessThan(projects.length);
  });

  test('names have emoji and right-to-left script', () => {
    const names = [...projects, ...clients, ...world.list('tags')].map((row) => row['name']).join();
    expect(names).toMatch(/\p{Extended_Pictographic}/u);
    expect(names).toMatch(/\p{Script=Hebrew}/u);
    expect(names).toMatch(/\p{Script=Arabic}/u);
  });

  test('rates are in several currencies', () => {
    const currencies = new Set(projects.map((row) => at(row, 'hourlyRate.currency')).filter(Boolean));
    expect(currencies.size).toBeGreaterThanOrEqual(3);
    expect(new Set(clients.map((row) => row['currencyCode'])).size).toBeGreaterThanOrEqual(3);
  });

  test('tasks are ACTIVE and DONE', () => {
    expect(new Set(allRows(world, 'tasks').map((row) => row['status']))).toEqual(new Set(['ACTIVE', 'DONE']));
  });

  test('the newest entry of the owner is a running timer', () => {
    expect(own[0]).toMatchObject({ timeInterval: { end: null, duration: null } });
    expect(instant(own[0] ?? {}, 'timeInterval.start')).toBeLessThan(testNow.getTime());
  });

  test('an entry lacks project, task, tags and description', () => {
    const bare = own.filter((row) =>
      ['projectId', 'taskId', 'tagIds', 'description'].every((name) => isNullish(row[name])),
    );
    expect(bare.length).toBeGreaterThan(0);
  });

  test.each(['projectId', 'taskId', 'tagIds', 'description'])('many entries lack their %s', (name) => {
    const lacking = own.filter((row) => isNullish(row[name])).length;
    expect(lacking).toBeGreaterThan(10);
    expect(lacking).toBeLessThan(own.length);
  });

  test('an entry runs over midnight in the zone of its user', () => {
    const zone = 'Europe/Belgrade';
    const format = new Intl.DateTimeFormat('en-CA', { timeZone: zone });
    const day = (ms: number) => format.format(ms);
    const ended = own.filter((row) => at(row, 'timeInterval.end') !== null);
    expect(ended.some((row) => day(instant(row, 'timeInterval.start')) < day(instant(row, 'timeInterval.end')))).toBe(
      true,
    );
  });

  test.each(['start', 'end'] as const)('an entry runs over the %s of summer time', (name) => {
    const changes = [2024, 2025, 2026].map((year) => europeanSummer(year)[name]);
    for (const change of changes) {
      const over = own.filter(
        (row) => instant(row, 'timeInterval.start') < change && instant(row, 'timeInterval.end') > change,
      );
      expect(over).toHaveLength(1);
    }
  });

  test('a description has 3,000 characters of four bytes', () => {
    const long = own.filter((row) => row['description'] === longDescription);
    expect(long).toHaveLength(1);
    expect(Buffer.byteLength(text(long[0] ?? {}, 'description'))).toBe(12_000);
    expect(Array.from(text(long[0] ?? {}, 'description'))).toHaveLength(3_000);
  });

  test('some entries are breaks, and those have no project', () => {
    const breaks = own.filter((row) => row['type'] === 'BREAK');
    expect(breaks.length).toBeGreaterThan(10);
    expect(breaks.every((row) => row['projectId'] === null && row['billable'] === false)).toBe(true);
  });

  test('no finished entry of a user overlaps the next', () => {
    const ended = own.filter((row) => at(row, 'timeInterval.end') !== null).toReversed();
    for (const [index, row] of ended.entries()) {
      const next = ended[index + 1] ?? { timeInterval: { start: '9999-12-31T00:00:00Z' } };
      expect(text(row, 'timeInterval.end') <= text(next, 'timeInterval.start')).toBe(true);
    }
  });
});

describe.each<ProfileName>(['S', 'X'])('people in %s', (profile) => {
  const world = testWorld(profile);
  const users = world.list('users');
  const membershipOf = (row: Row) => at(row, 'memberships.0.membershipStatus');

  test('live in three zones', () => {
    const zones = new Set(users.map((row) => at(row, 'settings.timeZone')).filter(Boolean));
    expect(zones.size).toBe(3);
  });

  test('one was deactivated and still owns entries', () => {
    const inactive = users.filter((row) => membershipOf(row) === 'INACTIVE');
    expect(inactive.length).toBeGreaterThan(0);
    expect(world.list('time_entries', text(inactive[0] ?? {}, 'id'))).toHaveLength(200);
  });

  test('one is invited, without name, settings and entries', () => {
    const invited = users.filter((row) => membershipOf(row) === 'PENDING');
    expect(invited[0]).toMatchObject({ name: '', settings: null });
    expect(world.list('time_entries', text(invited[0] ?? {}, 'id'))).toEqual([]);
  });

  test('one has a limited account', () => {
    expect(users.filter((row) => row['status'] === 'LIMITED')).toHaveLength(1);
  });

  test('two share a name', () => {
    const names = users.map((row) => row['name']).filter(Boolean);
    expect(new Set(names).size).toBeLessThan(names.length);
  });

  test('have none to two managers, none of them themselves', () => {
    const sizes = users.map((row) => world.list('user_managers', text(row, 'id')).length);
    expect(Math.max(...sizes)).toBe(2);
    expect(Math.min(...sizes)).toBe(0);
    for (const row of users) {
      expect(world.list('user_managers', text(row, 'id')).map((manager) => manager['id'])).not.toContain(row['id']);
    }
  });

  test('are in groups with a team manager from the group', () => {
    for (const group of world.list('user_groups')) {
      expect(group['userIds']).toContain(at(group, 'teamManagers.0.id'));
    }
  });

  test('each have a profile with working days as a list', () => {
    for (const row of users) {
      const profileRow = world.find('member_profiles', text(row, 'id'));
      expect(profileRow).toMatchObject({ email: row['email'], name: row['name'] });
      expect(at(profileRow, 'workingDays')).toHaveLength(5);
    }
  });
});

describe('custom fields', () => {
  const world = testWorld('S');

  it('have values of every type, on entries or on people', () => {
    const onEntries = allRows(world, 'time_entries').flatMap((row) => row['customFieldValues'] as Row[]);
    const onPeople = world.list('users').flatMap((row) => row['customFields'] as Row[]);
    const kinds = [...onEntries.map((value) => value['type']), ...onPeople.map((value) => value['customFieldType'])];
    expect(new Set(kinds)).toEqual(new Set(world.list('custom_fields').map((row) => row['type'])));
    expect(new Set(kinds).size).toBe(6);
  });

  it('are for entries and for people, some invisible', () => {
    const fields = world.list('custom_fields');
    expect(new Set(fields.map((row) => row['entityType']))).toEqual(new Set(['TIMEENTRY', 'USER']));
    expect(fields.map((row) => row['status'])).toContain('INVISIBLE');
  });

  it('appear on a project exactly where the field has a value for it', () => {
    for (const project of world.list('projects')) {
      const shown = world.list('project_custom_fields', text(project, 'id')).map((row) => row['id']);
      const having = world
        .list('custom_fields')
        .filter((field) =>
          (field['projectDefaultValues'] as Row[]).some((each) => each['projectId'] === project['id']),
        );
      expect(shown).toEqual(having.map((row) => row['id']));
    }
    expect(allRows(world, 'project_custom_fields').length).toBeGreaterThan(5);
  });
});

test('the workspace has 69 settings, its currencies and the members', () => {
  const workspace = testWorld('S').list('workspace')[0];
  expect(Object.keys(at(workspace, 'workspaceSettings') as Row)).toHaveLength(69);
  expect(at(workspace, 'currencies')).toHaveLength(4);
  expect(at(workspace, 'memberships')).toHaveLength(12);
});
