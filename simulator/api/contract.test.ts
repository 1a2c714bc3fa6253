import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { exampleIds } from '../test-support/example-ids.ts';
import { startInstalled, type Installed } from '../test-support/installed.ts';
import type { EntityType } from '../world/types.ts';

const W = '/api/v1/workspaces/{workspaceId}';
const REPORTS = '/report/v1/workspaces/{workspaceId}';
const PTO = '/pto/v1/workspaces/{workspaceId}';
const window = 'start=2020-01-01T00:00:00Z&end=2035-01-01T00:00:00Z';

interface ListRow {
  readonly path: string;
  /** Dotted path to the items; empty for a bare array. */
  readonly items: string;
  readonly count?: string;
  readonly lastPage: boolean;
  readonly paging: 'page-size' | 'pageSize' | 'limit' | 'none';
  readonly size?: number;
  readonly query?: string;
}

const paged = { items: '', lastPage: true, paging: 'page-size' } as const;
const whole = { items: '', lastPage: false, paging: 'none' } as const;
const feed = { ...whole, paging: 'limit', query: 'type=TAGS&type=CLIENTS' } as const;
const balances = { ...paged, items: 'balances', count: 'count' } as const;

const lists: Record<string, ListRow> = {
  getApprovalRequests: { ...paged, path: `${W}/approval-requests` },
  getClients: { ...paged, path: `${W}/clients` },
  ofWorkspace: { ...whole, path: `${W}/custom-fields` },
  getCreatedEntityInfo: { ...feed, path: `${W}/entities/created` },
  getDeletedEntityInfo: { ...feed, path: `${W}/entities/deleted`, items: 'response' },
  getUpdatedEntityInfo: { ...feed, path: `${W}/entities/updated` },
  getExpenses: { ...paged, path: `${W}/expenses`, items: 'expenses.expenses', count: 'expenses.count' },
  getCategories: { ...paged, path: `${W}/expenses/categories`, items: 'categories', count: 'count' },
  getHolidays: { ...whole, path: `${W}/holidays` },
  getHolidaysInPeriod: { ...whole, path: `${W}/holidays/in-period`, query: `assigned-to={userId}&${window}` },
  getInvoices: { ...paged, path: `${W}/invoices`, items: 'invoices', count: 'total' },
  getPaymentsForInvoice: { ...paged, path: `${W}/invoices/{invoiceId}/payments` },
  getProjects: { ...paged, path: `${W}/projects` },
  getCustomFieldsOfProject: { ...whole, path: `${W}/projects/{projectId}/custom-fields` },
  getTasks: { ...paged, path: `${W}/projects/{projectId}/tasks` },
  getAllAssignments: { ...paged, path: `${W}/scheduling/assignments/all`, query: window },
  getProjectTotals: {
    ...paged,
    lastPage: false,
    path: `${W}/scheduling/assignments/projects/totals`,
    query: window,
  },
  getSharedReportsV1: {
    path: `${REPORTS}/shared-reports`,
    items: 'reports',
    count: 'count',
    lastPage: false,
    paging: 'pageSize',
  },
  getTags: { ...paged, path: `${W}/tags` },
  getInProgressTimeEntries: { ...paged, path: `${W}/time-entries/status/in-progress`, size: 10 },
  getBalancesForPolicy: { ...balances, path: `${W}/time-off/balance/policy/{policyId}` },
  getBalancesForUser: { ...balances, path: `${W}/time-off/balance/user/{userId}` },
  findPoliciesForWorkspace: { ...paged, path: `${W}/time-off/policies` },
  getTimeEntries: { ...paged, path: `${W}/user/{userId}/time-entries` },
  getUserGroups: { ...paged, path: `${W}/user-groups` },
  getUsersOfWorkspace: { ...paged, path: `${W}/users`, query: 'include-roles=true' },
  getManagersOfUser: { ...paged, path: `${W}/users/{userId}/managers` },
};

const singles: Record<string, readonly [path: string, entity: EntityType | null]> = {
  getLoggedUser: ['/api/v1/user', null],
  getWorkspaceOfUser: [W, null],
  getClient: [`${W}/clients/{id}`, 'clients'],
  getExpense: [`${W}/expenses/{expenseId}`, null],
  getInvoiceSettings: [`${W}/invoices/settings`, null],
  getInvoice: [`${W}/invoices/{invoiceId}`, null],
  getMemberProfile: [`${W}/member-profile/{userId}`, null],
  getProject: [`${W}/projects/{projectId}`, null],
  getTask: [`${W}/projects/{projectId}/tasks/{taskId}`, null],
  getTag: [`${W}/tags/{id}`, 'tags'],
  getTimeEntry: [`${W}/time-entries/{id}`, 'time_entries'],
  getPolicy: [`${W}/time-off/policies/{id}`, 'time_off_policies'],
  generateSharedReportV1: ['/report/v1/shared-reports/{id}', 'shared_reports'],
};

const totals = {
  getProjectTotalsForSingleProject: [`${W}/scheduling/assignments/projects/totals/{projectId}`, 'projectId'],
  getUserTotalsForSingleUser: [`${W}/scheduling/assignments/users/{userId}/totals`, 'userId'],
} as const;

const binaries = {
  downloadFile: `${W}/expenses/{expenseId}/files/{fileId}`,
  exportInvoice: `${W}/invoices/{invoiceId}/export?userLocale=en`,
};

const closed = {
  getWorkspacesOfUser: '/api/v1/workspaces',
  getAddonWebhooks: `${W}/addons/{addonId}/webhooks`,
  getWebhooks: `${W}/webhooks`,
  getWebhook: `${W}/webhooks/{webhookId}`,
};

const retired = {
  getPtoBalancesForPolicy: `${PTO}/balance/policy/{policyId}`,
  getPtoBalancesForUser: `${PTO}/balance/user/{userId}`,
  findPtoPoliciesForWorkspace: `${PTO}/policies`,
  getPtoPolicy: `${PTO}/policies/{policyId}`,
};

let installed: Installed;

beforeAll(async () => {
  installed = await startInstalled({ profile: 'S', seed: 7 });
});
afterAll(() => installed.close());

function call(template: string, entity: EntityType | null = null, init: RequestInit = {}): Promise<Response> {
  const { simulator, install } = installed;
  const ids = exampleIds(simulator.world(install.workspaceId), install.addonId, entity);
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? 'unknown');
  return fetch(simulator.url + path, { headers: { 'x-addon-token': install.installationToken }, ...init });
}

/** The value at a dotted path; the body itself for an empty one. */
function at(body: unknown, path: string): unknown {
  if (path === '') return body;
  return path.split('.').reduce<unknown>((value, name) => (value as Record<string, unknown>)[name], body);
}

async function readPage({ path, items, count, query = '' }: ListRow, paging: Record<string, number> = {}) {
  const sent = Object.entries(paging).map(([name, value]) => `&${name}=${value}`);
  const response = await call(`${path}?${query}${sent.join('')}`);
  const body: unknown = response.status === 200 ? await response.json() : null;
  return {
    status: response.status,
    lastPage: response.headers.get('last-page'),
    rows: at(body, items) as unknown[],
    count: count === undefined ? null : at(body, count),
  };
}

describe('the contract', () => {
  it('covers the 52 reads', () => {
    const all = [lists, singles, totals, binaries, closed, retired].flatMap((table) => Object.keys(table));
    expect(new Set(all).size).toBe(52);
  });

  it('has the Last-Page header on 18 lists', () => {
    expect(Object.values(lists).filter(({ lastPage }) => lastPage)).toHaveLength(18);
  });
});

describe.each(Object.entries(lists))('%s', (_operationId, list) => {
  it('answers its first page in its envelope, with or without Last-Page', async () => {
    const page = await readPage(list);

    expect(page.status).toBe(200);
    expect(Array.isArray(page.rows)).toBe(true);
    expect(page.lastPage).toEqual(list.lastPage ? expect.stringMatching(/^(true|false)$/) : null);
    if (list.paging !== 'none') expect(page.rows.length).toBeLessThanOrEqual(list.size ?? 50);
    if (list.count !== undefined) expect(page.count).toBeGreaterThanOrEqual(page.rows.length);
  });

  it('cuts pages by its own parameters, or ignores them', async () => {
    const everything = await readPage(list, { [list.paging === 'none' ? 'page-size' : list.paging]: 200 });
    const start = list.paging === 'limit' ? 0 : 1;
    const sizeName = list.paging === 'none' ? 'page-size' : list.paging;
    const second = await readPage(list, { page: start + 1, [sizeName]: 1 });

    expect(second.rows).toEqual(list.paging === 'none' ? everything.rows : everything.rows.slice(1, 2));
    if (list.lastPage) expect(second.lastPage).toBe(String(everything.rows.length <= 2));
  });

  it('ignores a size parameter of another style', async () => {
    const foreign = list.paging === 'page-size' ? 'pageSize' : 'per_page';
    expect((await readPage(list, { [foreign]: 1 })).rows).toEqual((await readPage(list)).rows);
  });
});

describe.each(Object.entries(singles))('%s', (_operationId, [path, entity]) => {
  it('answers one object', async () => {
    const response = await call(path, entity);
    const body: unknown = await response.json();

    expect(response.status).toBe(200);
    expect(response.headers.has('last-page')).toBe(false);
    expect(body).toEqual(expect.objectContaining({}));
    expect(Array.isArray(body)).toBe(false);
  });
});

it.each(Object.entries(totals))('%s answers totals, or 200 without a body', async (_operationId, [path, field]) => {
  const [assignment] = installed.simulator.rows(installed.install.workspaceId, 'assignments');
  const template = path.replace(`{${field}}`, String(assignment?.[field]));

  const some = await call(`${template}?${window}`);
  const none = await call(`${template}?start=1990-01-01T00:00:00Z&end=1990-02-01T00:00:00Z`);

  expect(await some.json()).toMatchObject({ [field]: assignment?.[field] });
  expect([none.status, await none.text()]).toEqual([200, '']);
});

it.each(Object.entries(binaries))('%s answers bytes', async (_operationId, path) => {
  const response = await call(path);

  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).not.toContain('json');
  expect((await response.arrayBuffer()).byteLength).toBeGreaterThan(0);
});

it.each(Object.entries(closed))('%s is closed to add-ons, without a code', async (_operationId, path) => {
  const response = await call(path);

  expect([response.status, await response.json()]).toEqual([401, { message: 'API is not accessible' }]);
});

it.each(Object.entries(retired))('%s is retired, here and on the main host', async (_operationId, path) => {
  for (const host of [path, path.replace('/pto/', '/api/')]) {
    const response = await call(host);
    expect([response.status, await response.json()]).toEqual([404, expect.objectContaining({ code: 3000 })]);
  }
});

it('searches time-off requests by POST, paged by the body', async () => {
  const search = async (body: unknown) => {
    const response = await call(`${W}/time-off/requests?page=9&page-size=9`, null, {
      method: 'POST',
      headers: { 'x-addon-token': installed.install.installationToken },
      body: JSON.stringify(body),
    });
    return (await response.json()) as { requests: unknown[]; count: number };
  };
  const truth = installed.simulator.rows(installed.install.workspaceId, 'time_off_requests');

  const first = await search({ statuses: ['ALL'], page: 1, pageSize: 2 });
  const second = await search({ statuses: ['ALL'], page: 2, pageSize: 2 });
  const pending = await search({});

  expect(first).toEqual({ requests: truth.slice(0, 2), count: truth.length });
  expect(second.requests).toEqual(truth.slice(2, 4));
  expect(pending.count).toBeLessThan(truth.length);
});

it('used declared and served operations only, but for the retired ones', () => {
  const { undeclared, unserved, operations } = installed.simulator.ledger();

  expect(undeclared).toHaveLength(Object.keys(retired).length);
  expect(unserved).toEqual([]);
  expect(Object.keys(operations).length).toBeGreaterThan(52);
});
