import { describe, expect, it, test } from '@jest/globals';
import { allRows, at, testNow, testWorld } from '../test-support/world.ts';
import type { ProfileName, Row } from './types.ts';

const world = testWorld('S');
const text = (row: Row, path: string) => String(at(row, path));
const sum = (numbers: readonly number[]) => numbers.reduce((left, right) => left + right, 0);
const idsOf = (entity: Parameters<typeof world.list>[0]) => new Set(allRows(world, entity).map((row) => row['id']));

describe.each<ProfileName>(['XS', 'S'])('invoices in %s', (profile) => {
  const place = testWorld(profile);
  const invoices = place.list('invoices');

  test('half of them have been paid something', () => {
    const paid = invoices.filter((row) => Number(row['paid']) > 0);
    expect(paid).toHaveLength(invoices.length / 2);
    expect(new Set(paid.map((row) => row['status']))).toEqual(new Set(['PAID', 'PARTIALLY_PAID']));
  });

  test('have payments that add up to what was paid, and none otherwise', () => {
    for (const invoice of invoices) {
      const payments = place.list('invoice_payments', text(invoice, 'id'));
      expect(sum(payments.map((row) => Number(row['amount'])))).toBe(invoice['paid']);
      expect(payments.length > 0).toBe(Number(invoice['paid']) > 0);
    }
  });

  test('have details with items that add up, and a summary without', () => {
    for (const invoice of invoices) {
      const details = place.find('invoice_details', text(invoice, 'id')) ?? {};
      const items = details['items'] as Row[];
      expect(details).toMatchObject(invoice);
      expect(invoice).not.toHaveProperty('items');
      expect(sum(items.map((row) => Number(row['amount'])))).toBe(details['subtotal']);
      expect(Number(details['subtotal']) + Number(details['taxAmount'])).toBe(invoice['amount']);
      expect(items.every((row) => row['unitPrice'] === Number(row['amount']) * 100)).toBe(true);
    }
  });

  test('are in minor units of several currencies', () => {
    expect(invoices.every((row) => Number.isInteger(row['amount']) && Number.isInteger(row['balance']))).toBe(true);
    expect(new Set(invoices.map((row) => row['currency'])).size).toBeGreaterThanOrEqual(3);
  });
});

describe('expenses', () => {
  const expenses = world.list('expenses');

  test('have objects in the place of ids, some of them null', () => {
    for (const name of ['category', 'project', 'task']) {
      expect(expenses.some((row) => row[name] === null)).toBe(true);
      expect(expenses.some((row) => row[name] !== null)).toBe(true);
      expect(expenses.every((row) => !(`${name}Id` in row))).toBe(true);
    }
  });

  test('count major units of money next to a total in minor ones', () => {
    const plain = expenses.filter((row) => at(row, 'category.hasUnitPrice') === false);
    expect(plain.some((row) => !Number.isInteger(row['quantity']))).toBe(true);
    for (const row of plain) expect(row['total']).toBe(Math.round(Number(row['quantity']) * 100));
  });

  test('by the unit cost the price of the category', () => {
    const mileage = expenses.filter((row) => at(row, 'category.hasUnitPrice') === true);
    expect(mileage.length).toBeGreaterThan(0);
    for (const row of mileage) {
      expect(row['total']).toBe(Number(row['quantity']) * Number(at(row, 'category.priceInCents')));
    }
  });

  test('have categories of which some are archived', () => {
    const states = world.list('expense_categories').map((row) => row['archived']);
    expect(new Set(states)).toEqual(new Set([true, false]));
  });
});

describe('approvals', () => {
  const approvals = world.list('approval_requests');
  const stateOf = (row: Row) => text(row, 'approvalRequest.status.state');

  test('have every state', () => {
    expect(new Set(approvals.map(stateOf))).toEqual(
      new Set(['PENDING', 'APPROVED', 'REJECTED', 'WITHDRAWN_APPROVAL', 'WITHDRAWN_SUBMISSION']),
    );
  });

  test('of approved weeks embed entries that are locked in their own list', () => {
    const approved = approvals.filter((row) => stateOf(row) === 'APPROVED').slice(0, 20);
    for (const row of approved) {
      for (const entry of row['entries'] as Row[]) {
        expect(entry).toMatchObject({ isLocked: true, approvalRequestId: at(row, 'approvalRequest.id') });
        expect(world.find('time_entries', text(entry, 'id'))).toMatchObject({
          isLocked: true,
          userId: at(row, 'approvalRequest.owner.userId'),
          description: entry['description'],
        });
      }
    }
    expect(approved.flatMap((row) => row['entries'] as Row[]).length).toBeGreaterThan(50);
  });

  test('that were rejected carry a note and leave the week open', () => {
    const rejected = approvals.filter((row) => stateOf(row) === 'REJECTED');
    expect(rejected.length).toBeGreaterThan(1);
    expect(rejected.every((row) => at(row, 'approvalRequest.status.note') !== null)).toBe(true);
    const entries = rejected.slice(0, 10).flatMap((row) => row['entries'] as Row[]);
    expect(entries.length).toBeGreaterThan(0);
    expect(entries.every((entry) => entry['isLocked'] === false)).toBe(true);
  });

  test('embed entries and expenses of their own week', () => {
    for (const row of approvals.slice(0, 60)) {
      const [start, end] = [text(row, 'approvalRequest.dateRange.start'), text(row, 'approvalRequest.dateRange.end')];
      for (const expense of row['expenses'] as Row[]) {
        expect(text(expense, 'date') >= start && text(expense, 'date') <= end).toBe(true);
        expect(expense['userId']).toBe(at(row, 'approvalRequest.owner.userId'));
      }
    }
    expect(approvals.slice(0, 60).flatMap((row) => row['expenses'] as Row[]).length).toBeGreaterThan(0);
  });

  test('embed tasks and projects under the names of their lists', () => {
    const entries = approvals.slice(0, 20).flatMap((row) => row['entries'] as Row[]);
    for (const entry of entries) {
      if (entry['project'] === null) continue;
      expect(world.find('projects', text(entry, 'project.id'))).toMatchObject({ name: at(entry, 'project.name') });
      if (entry['task'] === null) continue;
      expect(world.find('tasks', text(entry, 'task.id'))).toMatchObject({ name: at(entry, 'task.name') });
    }
  });
});

describe('time off', () => {
  test('a balance is negative and says by how much', () => {
    const negative = allRows(world, 'time_off_balances').filter((row) => Number(row['balance']) < 0);
    expect(negative.length).toBeGreaterThan(0);
    for (const row of negative) expect(row['negativeBalanceUsed']).toBe(-Number(row['balance']));
  });

  test('every user has one balance of a policy for everyone', () => {
    for (const policy of world.list('time_off_policies').filter((row) => row['everyoneIncludingNew'])) {
      const users = new Set(world.list('time_off_balances', text(policy, 'id')).map((row) => row['userId']));
      expect(users).toEqual(new Set(world.list('users').map((row) => row['id'])));
    }
  });

  test('a policy for some has balances of those', () => {
    const some = world.list('time_off_policies').filter((row) => row['everyoneIncludingNew'] === false);
    expect(some.length).toBeGreaterThan(0);
    for (const policy of some) {
      const users = world.list('time_off_balances', text(policy, 'id')).map((row) => row['userId']);
      expect(users).toEqual(policy['userIds']);
    }
  });

  test('policies are active and archived, in days and in hours', () => {
    const policies = world.list('time_off_policies');
    expect(new Set(policies.map((row) => row['archived']))).toEqual(new Set([true, false]));
    expect(new Set(policies.map((row) => row['timeUnit']))).toEqual(new Set(['DAYS', 'HOURS']));
  });

  test('requests have every state', () => {
    const states = world.list('time_off_requests').map((row) => at(row, 'status.statusType'));
    expect(new Set(states)).toEqual(new Set(['PENDING', 'APPROVED', 'REJECTED']));
  });
});

test('assignments lie within a year of now on both sides', () => {
  const reach = 335 * 86_400_000;
  for (const row of world.list('assignments')) {
    expect(Date.parse(text(row, 'period.start'))).toBeGreaterThan(testNow.getTime() - reach);
    expect(Date.parse(text(row, 'period.end'))).toBeLessThan(testNow.getTime() + reach);
    expect(text(row, 'period.start') < text(row, 'period.end')).toBe(true);
  }
});

describe('references', () => {
  it.each([
    ['projects', 'clientId', 'clients'],
    ['tasks', 'projectId', 'projects'],
    ['time_entries', 'projectId', 'projects'],
    ['time_entries', 'taskId', 'tasks'],
    ['time_entries', 'userId', 'users'],
    ['expenses', 'userId', 'users'],
    ['expenses', 'category.id', 'expense_categories'],
    ['expenses', 'project.id', 'projects'],
    ['expenses', 'task.id', 'tasks'],
    ['invoices', 'clientId', 'clients'],
    ['assignments', 'userId', 'users'],
    ['assignments', 'projectId', 'projects'],
    ['assignments', 'taskId', 'tasks'],
    ['time_off_requests', 'userId', 'users'],
    ['time_off_requests', 'policyId', 'time_off_policies'],
  ] as const)('of %s in %s lead to %s', (entity, path, target) => {
    const known = idsOf(target);
    const ids = allRows(world, entity)
      .map((row) => at(row, path))
      .filter((id) => id !== null && id !== undefined && id !== '');
    expect(ids.length).toBeGreaterThan(0);
    expect(ids.filter((id) => !known.has(id))).toEqual([]);
  });

  it('of entries to tags lead to tags', () => {
    const known = idsOf('tags');
    const ids = allRows(world, 'time_entries').flatMap((row) => (row['tagIds'] as string[] | null) ?? []);
    expect(ids.every((id) => known.has(id))).toBe(true);
    expect(new Set(ids).size).toBe(known.size);
  });

  it('of an entry to a task stay within its project', () => {
    for (const row of world.list('time_entries', world.ownerId).filter((entry) => entry['taskId'] !== null)) {
      expect(world.find('tasks', text(row, 'taskId'))).toMatchObject({ projectId: row['projectId'] });
    }
  });
});
