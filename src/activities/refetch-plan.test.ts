import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { parseCatalogue } from '../domain/catalogue.ts';
import type { EntityType } from '../domain/entities.ts';
import { findTargets } from '../domain/event-targets.ts';
import type { RefetchTarget } from '../domain/refetch-target.ts';
import { webhookEvents } from '../domain/webhook-events.ts';
import { buildPageRequest } from './page-request.ts';
import { planRefetch } from './refetch-plan.ts';

const catalogue = parseCatalogue(JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8')));
const now = new Date('2026-11-21T10:00:00.500Z');
const id = '1'.repeat(24);

/** The first requests of a plan, as they leave. */
function requestsOf(target: RefetchTarget): string[] {
  const { rule, lists } = planRefetch(target, now);
  const hosts = { apiUrl: 'https://api/v1', reportsUrl: 'https://reports/v1' };
  return lists.map((list) => {
    const { method, url, body } = buildPageRequest(catalogue, hosts, 'w', { rule, list, page: 1, pageSize: 200 });
    return [method, `${url.pathname}${url.search}`.replace('/v1/workspaces/w', ''), JSON.stringify(body)]
      .filter(Boolean)
      .join(' ');
  });
}

describe('a target is read', () => {
  it.each<[string, RefetchTarget, string[]]>([
    ['a client alone', { by: 'id', entity: 'clients', id }, [`GET /clients/${id}`]],
    ['a tag alone', { by: 'id', entity: 'tags', id }, [`GET /tags/${id}`]],
    ['a project alone', { by: 'id', entity: 'projects', id }, [`GET /projects/${id}?hydrated=false`]],
    ['a task alone', { by: 'id', entity: 'tasks', id, parentId: 'p' }, [`GET /projects/p/tasks/${id}`]],
    ['an entry alone', { by: 'id', entity: 'time_entries', id }, [`GET /time-entries/${id}`]],
    [
      'an approval among those that changed last',
      { by: 'id', entity: 'approval_requests', id },
      ['GET /approval-requests?sort-column=UPDATED_AT&sort-order=DESCENDING&page=1&page-size=200'],
    ],
    [
      'an invoice among the newest',
      { by: 'id', entity: 'invoices', id },
      ['GET /invoices?sort-column=ID&sort-order=DESCENDING&page=1&page-size=200'],
    ],
    ['the items of an invoice', { by: 'parent', entity: 'invoice_details', id }, [`GET /invoices/${id}`]],
    [
      'the payments of an invoice',
      { by: 'parent', entity: 'invoice_payments', id },
      [`GET /invoices/${id}/payments?page=1&page-size=200`],
    ],
    [
      'the expenses of a member',
      { by: 'member', entity: 'expenses', id },
      [`GET /expenses?user-id=${id}&page=1&page-size=200`],
    ],
    [
      'the time off of a member',
      { by: 'member', entity: 'time_off_requests', id },
      [`POST /time-off/requests {"statuses":["ALL"],"users":["${id}"],"page":1,"pageSize":200}`],
    ],
    [
      'the balances of a member',
      { by: 'member', entity: 'time_off_balances', id },
      [`GET /time-off/balance/user/${id}?page=1&page-size=200`],
    ],
    ['whether an expense is there', { by: 'id', entity: 'expenses', id }, [`GET /expenses/${id}`]],
    ['the workspace', { by: 'list', entity: 'workspace' }, ['GET']],
    [
      'a list that shows one half at a time, both halves',
      { by: 'list', entity: 'expense_categories' },
      [
        'GET /expenses/categories?archived=false&page=1&page-size=200',
        'GET /expenses/categories?archived=true&page=1&page-size=200',
      ],
    ],
    [
      'assignments in the window of a scan',
      { by: 'list', entity: 'assignments' },
      [
        'GET /scheduling/assignments/all?sort-column=ID&start=2025-11-20T10%3A00%3A00Z&end=2027-11-22T10%3A00%3A00Z&page=1&page-size=200',
      ],
    ],
  ])('%s', (_, target, expected) => {
    expect(requestsOf(target)).toEqual(expected);
  });

  it('for every event', () => {
    const ids = { id, userId: id, projectId: id, expenseId: id, assignmentId: id, targetId: id, firstTaskId: id };
    for (const event of webhookEvents) {
      for (const target of findTargets(event, ids).targets) {
        const known = target.by === 'id' ? { parentId: id, ...target } : target;
        expect(requestsOf(known).length).toBeGreaterThan(0);
      }
    }
  });
});

describe('what a complete answer proves', () => {
  const extentOf = (target: RefetchTarget) => planRefetch(target, now).extent;

  it('is about the row, the parent, the member or the list that was asked for', () => {
    expect(extentOf({ by: 'id', entity: 'tags', id })).toEqual({ kind: 'rows', ids: [id] });
    expect(extentOf({ by: 'parent', entity: 'tasks', id })).toEqual({ kind: 'parent', id });
    expect(extentOf({ by: 'member', entity: 'expenses', id })).toEqual({ kind: 'member', id });
    expect(extentOf({ by: 'list', entity: 'users' })).toEqual({ kind: 'list', times: null });
  });

  it('is only what lies well inside a window', () => {
    expect(extentOf({ by: 'list', entity: 'assignments' })).toEqual({
      kind: 'list',
      times: { path: ['period', 'start'], from: '2025-11-22T10:00:00.000Z', to: '2027-11-20T10:00:00.000Z' },
    });
  });

  it.each<[string, RefetchTarget]>([
    ['balances, of which archived policies may be left out', { by: 'member', entity: 'time_off_balances', id }],
    ['entries, which outlive their member', { by: 'parent', entity: 'time_entries', id }],
  ])('is nothing for %s', (_, target) => {
    expect(extentOf(target)).toBeNull();
  });
});

describe('refuses a target that nothing can be asked for', () => {
  it.each<[RefetchTarget, RegExp]>([
    [{ by: 'id', entity: 'users', id }, /one row of users/],
    [{ by: 'id', entity: 'user_groups', id }, /one row of user_groups/],
    [{ by: 'parent', entity: 'tags', id }, /below nothing/],
    [{ by: 'member', entity: 'clients' as EntityType, id }, /by member/],
    [{ by: 'list', entity: 'tasks' }, /no list/],
  ])('%j', (target, reason) => {
    expect(() => planRefetch(target, now)).toThrow(reason);
  });

  it('and one whose id would change the path', () => {
    expect(() => requestsOf({ by: 'id', entity: 'tags', id: '..' })).toThrow('path parameter');
    expect(() => requestsOf({ by: 'id', entity: 'tasks', id })).toThrow('path parameter');
  });
});
