import { describe, expect, it } from '@jest/globals';
import { matchOperation } from './router.ts';

const W = '/api/v1/workspaces/w1';

describe('the router', () => {
  it.each([
    ['GET', `${W}/clients/c1`, 'getClient'],
    ['GET', `${W}/expenses/categories`, 'getCategories'],
    ['GET', `${W}/expenses/e1`, 'getExpense'],
    ['GET', `${W}/time-entries/status/in-progress`, 'getInProgressTimeEntries'],
    ['GET', `${W}/invoices/settings`, 'getInvoiceSettings'],
    ['POST', `${W}/time-off/requests`, 'getTimeOffRequest'],
    ['GET', '/report/v1/workspaces/w1/shared-reports', 'getSharedReportsV1'],
    ['GET', '/pto/v1/workspaces/w1/policies', 'findPtoPoliciesForWorkspace'],
    ['GET', '/api/addon/workspaces/w1/settings', 'getAddonSettings'],
  ])('finds %s %s', (method, path, operationId) => {
    expect(matchOperation(method, path)).toMatchObject({ kind: 'operation', operation: { operationId } });
  });

  it('reads parameters by the names of the matched verb', () => {
    expect(matchOperation('GET', `${W}/projects/p%201/tasks/t1`)).toMatchObject({
      params: { workspaceId: 'w1', projectId: 'p 1', taskId: 't1' },
    });
  });

  it.each([
    ['an operation of another host', '/api/v1/workspaces/w1/shared-reports'],
    ['a retired path on the main host', `${W}/policies`],
    ['a path nobody declared', `${W}/time-off/requests/r1`],
    ['a trailing slash', `${W}/clients/`],
    ['another base', '/v1/user'],
  ])('does not know %s', (_name, path) => {
    expect(matchOperation('GET', path)).toEqual({ kind: 'unknown' });
  });

  it.each([
    [`${W}/custom-fields/f1`, ['PUT', 'DELETE']],
    [`${W}/user-groups/g1`, ['PUT', 'DELETE']],
    [`${W}/user-groups/g1/users`, ['POST']],
    [`${W}/holidays/h1`, ['PUT', 'DELETE']],
    [`${W}/time-off/requests`, ['POST']],
  ])('tells the verbs of %s, which cannot be read', (path, verbs) => {
    const match = matchOperation('GET', path);

    expect(match.kind === 'wrong-verb' && match.allow.split(',').toSorted()).toEqual(verbs.toSorted());
  });
});
