import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { isRow } from './api/rows.ts';
import { startInstalled, type Installed } from './test-support/installed.ts';
import { rowKey } from './world/row-key.ts';
import { rowDigest, truthOf } from './world/truth.ts';
import { parentOf, type EntityType, type Row } from './world/types.ts';

const everyAccount = 'ACTIVE,PENDING_EMAIL_VERIFICATION,DELETED,NOT_REGISTERED,LIMITED,LIMITED_DELETED';

/** How to read one collection whole; `{id}` is the parent, and a path without items is one object. */
const reads: Partial<Record<EntityType, { paths: readonly string[]; items?: string }>> = {
  workspace: { paths: [''] },
  users: {
    paths: [`/users?include-roles=true&status=ALL&memberships=ALL&account-statuses=${everyAccount}&`],
    items: '',
  },
  clients: { paths: ['/clients?'], items: '' },
  tags: { paths: ['/tags?'], items: '' },
  projects: { paths: ['/projects?'], items: '' },
  custom_fields: { paths: ['/custom-fields?'], items: '' },
  user_groups: { paths: ['/user-groups?includeTeamManagers=true&'], items: '' },
  holidays: { paths: ['/holidays?'], items: '' },
  expense_categories: {
    paths: ['/expenses/categories?archived=false&', '/expenses/categories?archived=true&'],
    items: 'categories',
  },
  expenses: { paths: ['/expenses?'], items: 'expenses.expenses' },
  invoices: { paths: ['/invoices?sort-column=ID&'], items: 'invoices' },
  invoice_settings: { paths: ['/invoices/settings'] },
  time_off_policies: { paths: ['/time-off/policies?status=ALL&'], items: '' },
  assignments: {
    paths: ['/scheduling/assignments/all?start=2000-01-01T00:00:00Z&end=2100-01-01T00:00:00Z&'],
    items: '',
  },
  approval_requests: { paths: ['/approval-requests?sort-column=ID&'], items: '' },
  tasks: { paths: ['/projects/{id}/tasks?'], items: '' },
  project_custom_fields: { paths: ['/projects/{id}/custom-fields?'], items: '' },
  time_off_balances: { paths: ['/time-off/balance/policy/{id}?'], items: 'balances' },
  invoice_details: { paths: ['/invoices/{id}'] },
  invoice_payments: { paths: ['/invoices/{id}/payments?'], items: '' },
  time_entries: { paths: ['/user/{id}/time-entries?'], items: '' },
  member_profiles: { paths: ['/member-profile/{id}'] },
  user_managers: { paths: ['/users/{id}/managers?'], items: '' },
};

let installed: Installed;

beforeAll(async () => {
  installed = await startInstalled({ profile: 'S', seed: 11 });
});
afterAll(() => installed.close());

async function readPages(path: string, items: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (let page = 1; ; page += 1) {
    const response = await installed.get(`${path}page=${page}&page-size=200`);
    const body: unknown = await response.json();
    const found = items
      .split('.')
      .reduce<unknown>((value, name) => (isRow(value) && name !== '' ? value[name] : value), body);
    rows.push(...(found as Row[]));
    if (response.headers.get('last-page') !== 'false') return rows;
  }
}

async function readCollection(entity: EntityType): Promise<string[]> {
  const { workspaceId } = installed.install;
  const parent = parentOf[entity];
  const read = reads[entity];
  const parents =
    parent === null
      ? [workspaceId]
      : installed.simulator
          .world(workspaceId)
          .list(parent)
          .map((row) => String(row['id']));
  const lines: string[] = [];
  for (const id of parents) {
    for (const template of read?.paths ?? []) {
      const path = template.replace('{id}', id);
      const rows =
        read?.items === undefined
          ? [(await (await installed.get(path)).json()) as Row]
          : await readPages(path, read.items);
      lines.push(...rows.map((row) => `${rowKey(entity, row, id)}:${rowDigest(row)}`));
    }
  }
  return lines;
}

it.each(Object.keys(reads) as EntityType[])('%s can be copied whole, to the same hash', async (entity) => {
  expect(truthOf(await readCollection(entity))).toEqual(
    installed.simulator.world(installed.install.workspaceId).truth(entity),
  );
});

it('covers every collection but those that are read another way', () => {
  const others = (Object.keys(parentOf) as EntityType[]).filter((entity) => reads[entity] === undefined);

  expect(others).toEqual(['time_off_requests', 'shared_reports']);
});
