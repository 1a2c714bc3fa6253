import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { startInstalled, type Installed } from '../test-support/installed.ts';
import type { EntityType, Row } from '../world/types.ts';
import { textAt } from './rows.ts';

let installed: Installed;

beforeAll(async () => {
  installed = await startInstalled({ profile: 'S', seed: 7 });
});
afterAll(() => installed.close());

const truth = (entity: EntityType) => installed.simulator.rows(installed.install.workspaceId, entity);

async function read<T = readonly Row[]>(path: string): Promise<T> {
  return (await (await installed.get(path)).json()) as T;
}

async function readAll(path: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (let page = 1; ; page += 1) {
    const response = await installed.get(`${path}page=${page}&page-size=50`);
    rows.push(...((await response.json()) as Row[]));
    if (response.headers.get('last-page') === 'true') return rows;
  }
}

const ids = (rows: readonly Row[]) => rows.map((row) => row['id']);

describe('a complete walk over the pages', () => {
  it.each<[EntityType, string]>([
    ['projects', '/projects?'],
    ['tags', '/tags?sort-column=ID&sort-order=ASCENDING&'],
    ['assignments', '/scheduling/assignments/all?start=2000-01-01T00:00:00Z&end=2100-01-01T00:00:00Z&'],
    ['approval_requests', '/approval-requests?sort-column=ID&'],
    ['user_groups', '/user-groups?includeTeamManagers=true&'],
    ['time_off_policies', '/time-off/policies?status=ALL&'],
    [
      'users',
      '/users?include-roles=true&status=ALL&memberships=ALL&account-statuses=ACTIVE,LIMITED,NOT_REGISTERED,PENDING_EMAIL_VERIFICATION,DELETED,LIMITED_DELETED&',
    ],
  ])('shows the true %s, in order', async (entity, path) => {
    expect(await readAll(path)).toEqual(truth(entity));
  });

  it('needs both sweeps for the expense categories', async () => {
    const sweep = async (query: string) =>
      (await read<{ categories: Row[] }>(`/expenses/categories?page-size=200${query}`)).categories;
    const [live, archived] = [await sweep('&archived=false'), await sweep('&archived=true')];

    expect(await sweep('')).toEqual(live);
    expect(new Set(ids([...live, ...archived]))).toEqual(new Set(ids(truth('expense_categories'))));
    expect(archived.length).toBeGreaterThan(0);
  });

  it('sorts clients by name unless told otherwise', async () => {
    const names = (await readAll('/clients?')).map((row) => String(row['name']).toLowerCase());

    expect(names).toEqual(names.toSorted((a, b) => (a < b ? -1 : Number(a > b))));
    expect(ids(await readAll('/clients?sort-column=ID&'))).toEqual(ids(truth('clients')));
  });

  it('turns round when asked', async () => {
    expect(ids(await readAll('/tags?sort-column=ID&sort-order=DESCENDING&'))).toEqual(ids(truth('tags').toReversed()));
  });
});

describe('filters hide rows when they are sent', () => {
  it.each<[string, EntityType, (row: Row) => boolean]>([
    ['/projects?archived=false&', 'projects', (row) => row['archived'] !== true],
    ['/projects?archived=true&', 'projects', (row) => row['archived'] === true],
    ['/clients?sort-column=ID&archived=false&', 'clients', (row) => row['archived'] !== true],
    ['/tags?archived=true&', 'tags', (row) => row['archived'] === true],
    ['/projects?billable=false&', 'projects', (row) => row['billable'] !== true],
    ['/projects?is-template=false&', 'projects', (row) => row['template'] !== true],
    ['/time-off/policies?', 'time_off_policies', (row) => row['archived'] !== true],
    ['/time-off/policies?status=ARCHIVED&', 'time_off_policies', (row) => row['archived'] === true],
  ])('%s', async (path, entity, keeps) => {
    expect(ids(await readAll(path))).toEqual(ids(truth(entity).filter(keeps)));
  });

  it('is-active=false keeps done tasks, is-active=true the others', async () => {
    const { simulator, install } = installed;
    const world = simulator.world(install.workspaceId);
    const project = world.list('projects').find((row) => {
      const states = new Set(world.list('tasks', String(row['id'])).map((task) => task['status']));
      return states.size === 2;
    });
    const path = `/projects/${String(project?.['id'])}/tasks?page-size=5000`;

    const states = async (query: string) => new Set((await read(path + query)).map((task) => task['status']));

    expect(await states('')).toEqual(new Set(['ACTIVE', 'DONE']));
    expect(await states('&is-active=true')).toEqual(new Set(['ACTIVE']));
    expect(await states('&is-active=false')).toEqual(new Set(['DONE']));
  });

  it('finds by part of a name, or by the whole name only', async () => {
    const name = String(truth('tags')[3]?.['name']).toLowerCase();
    const find = async (query: string) =>
      ids(await read(`/tags?page-size=200&name=${encodeURIComponent(name)}${query}`));
    const named = (matches: (other: string) => boolean) =>
      ids(truth('tags').filter((row) => matches(String(row['name']).toLowerCase())));

    expect(await find('')).toEqual(named((other) => other.includes(name)));
    expect(await find('&strict-name-search=true')).toEqual(named((other) => other === name));
    expect(await read(`/tags?name=${encodeURIComponent(`${name}?`)}`)).toEqual([]);
  });

  it('limited accounts show only when account-statuses names them', async () => {
    const limited = { status: 'LIMITED' };
    const { simulator, install } = installed;
    const member = simulator.userToken(install.workspaceId, { role: 'MEMBER' }).userId;
    simulator.mutate(install.workspaceId, { entity: 'users', update: [{ key: member, fields: limited }] });
    const path = '/users?include-roles=false&status=ALL&page-size=200';

    expect(ids(await read(path))).not.toContain(member);
    expect(ids(await read(`${path}&account-statuses=LIMITED`))).toContain(member);
    simulator.mutate(install.workspaceId, { entity: 'users', update: [{ key: member, fields: { status: 'ACTIVE' } }] });
  });

  it('inactive members show only when status names them', async () => {
    const withStatus = async (query: string) => (await read(`/users?include-roles=false&page-size=200${query}`)).length;

    expect(await withStatus('')).toBeLessThan(await withStatus('&status=ALL'));
  });
});

describe('what a row shows depends on the query', () => {
  it('roles and memberships come only when asked for', async () => {
    const [bare] = await read('/users?include-roles=false');
    const [full] = await read('/users?include-roles=true&memberships=WORKSPACE');

    expect(bare).not.toHaveProperty('roles');
    expect(bare?.['memberships']).toEqual([]);
    expect(full).toHaveProperty('roles');
    expect(full?.['memberships']).toEqual([expect.objectContaining({ membershipType: 'WORKSPACE' })]);
  });

  it('an expense read alone has flat ids, a listed one has objects', async () => {
    const listed = (await read<{ expenses: { expenses: Row[] } }>('/expenses')).expenses.expenses[0];
    const alone = await read<Row>(`/expenses/${String(listed?.['id'])}`);

    expect(listed).not.toHaveProperty('categoryId');
    expect(alone).toHaveProperty('categoryId');
    expect(alone).not.toHaveProperty('category');
    expect(alone).not.toHaveProperty('fileName');
  });

  it('hydrated entries carry objects in the place of ids', async () => {
    const [entry] = await read(`/user/${installed.install.ownerId}/time-entries?hydrated=true&page-size=1`);

    expect(entry).toHaveProperty('project');
    expect(entry).not.toHaveProperty('projectId');
  });

  it('windows of time entries are wall clock in the zone of the user', async () => {
    const { simulator, install } = installed;
    const world = simulator.world(install.workspaceId);
    const user = world.list('users')[1];
    const userId = String(user?.['id']);
    const settings = { ...(user?.['settings'] as Row), timeZone: 'Asia/Tokyo' };
    simulator.mutate(install.workspaceId, { entity: 'users', update: [{ key: userId, fields: { settings } }] });
    const start = textAt(world.list('time_entries', userId)[5] ?? {}, 'timeInterval.start');
    const nineHoursLater = new Date(Date.parse(start) + 9 * 3_600_000).toISOString().slice(0, 19);

    const found = await read(`/user/${userId}/time-entries?start=${nineHoursLater}Z&end=${nineHoursLater}Z`);

    expect(found.map((row) => textAt(row, 'timeInterval.start'))).toContain(start);
  });
});
