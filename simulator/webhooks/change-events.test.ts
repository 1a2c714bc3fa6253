import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Mutation } from '../platform/mutate.ts';
import { eventOf, startWatched, type Watched } from '../test-support/watched.ts';
import type { EntityType, Row } from '../world/types.ts';

let watched: Watched;

beforeAll(async () => {
  watched = await startWatched({ install: { profile: 'S', seed: 7 } });
});
afterAll(() => watched.close());
beforeEach(() => {
  watched.addon.received.length = 0;
});

const rows = (entity: EntityType) => watched.simulator.rows(watched.workspaceId, entity);
const rowWhere = (entity: EntityType, isWanted: (row: Row) => boolean = () => true): Row => {
  const found = rows(entity).find(isWanted);
  if (found === undefined) throw new Error(`no such row of ${entity}`);
  return found;
};
const keyOf = (row: Row) => String((row['approvalRequest'] as Row | undefined)?.['id'] ?? row['id']);
const isRunning = (row: Row) => (row['timeInterval'] as Row)['end'] === null;

/** Changes the workspace and answers what was sent, in no order. */
async function eventsOf(mutation: Mutation): Promise<string[]> {
  watched.simulator.mutate(watched.workspaceId, mutation);
  await watched.simulator.settleDeliveries(watched.workspaceId);
  return watched.events().toSorted();
}

const update = (entity: EntityType, row: Row, fields: Row): Promise<string[]> =>
  eventsOf({ entity, update: [{ key: keyOf(row), fields }] });
const lastBody = () => watched.addon.webhooks().at(-1)?.body ?? {};

describe('rows that come and go', () => {
  it.each<[EntityType, string, string | null]>([
    ['clients', 'NEW_CLIENT', 'CLIENT_DELETED'],
    ['tags', 'NEW_TAG', 'TAG_DELETED'],
    ['projects', 'NEW_PROJECT', 'PROJECT_DELETED'],
    ['tasks', 'NEW_TASK', 'TASK_DELETED'],
    ['time_entries', 'NEW_TIME_ENTRY', 'TIME_ENTRY_DELETED'],
    ['expenses', 'EXPENSE_CREATED', 'EXPENSE_DELETED'],
    ['invoices', 'NEW_INVOICE', null],
    ['users', 'USER_JOINED_WORKSPACE', 'USER_DELETED_FROM_WORKSPACE'],
    ['user_groups', 'USER_GROUP_CREATED', 'USER_GROUP_DELETED'],
    ['approval_requests', 'NEW_APPROVAL_REQUEST', null],
    ['time_off_requests', 'TIME_OFF_REQUESTED', 'TIME_OFF_REQUEST_WITHDRAWN'],
    ['assignments', 'ASSIGNMENT_CREATED', 'ASSIGNMENT_DELETED'],
    ['custom_fields', '', null],
    ['holidays', '', null],
  ])('%s: %s, %s', async (entity, created, deleted) => {
    const { inserted } = watched.simulator.mutate(watched.workspaceId, { entity, insert: 1 });
    await watched.simulator.settleDeliveries(watched.workspaceId);
    expect(watched.events()).toEqual(created === '' ? [] : [created]);

    watched.addon.received.length = 0;
    expect(await eventsOf({ entity, remove: inserted })).toEqual(deleted === null ? [] : [deleted]);
  });

  it('a removed project still tells of its tasks, and of nothing else', async () => {
    const project = rowWhere('projects', ({ id }) => rows('tasks').some((task) => task['projectId'] === id));

    expect(await eventsOf({ entity: 'projects', remove: [keyOf(project)] })).toEqual(['PROJECT_DELETED']);
    expect(lastBody()['tasks']).not.toEqual([]);
  });

  it.each<[EntityType, string]>([
    ['time_entries', 'TIME_ENTRY_RESTORED'],
    ['expenses', 'EXPENSE_RESTORED'],
  ])('%s that come back are the same rows', async (entity, event) => {
    const row = rowWhere(entity);
    await eventsOf({ entity, remove: [keyOf(row)] });
    watched.addon.received.length = 0;

    expect(await eventsOf({ entity, restore: [keyOf(row), keyOf(row), 'unknown'] })).toEqual([event]);
    expect(rowWhere(entity, (one) => keyOf(one) === keyOf(row))).toEqual(row);
  });
});

describe('rows that change', () => {
  it.each<[EntityType, Row, string]>([
    ['clients', { name: 'x' }, 'CLIENT_UPDATED'],
    ['tags', { name: 'x' }, 'TAG_UPDATED'],
    ['projects', { name: 'x' }, 'PROJECT_UPDATED'],
    ['tasks', { status: 'DONE' }, 'TASK_UPDATED'],
    ['time_entries', { description: 'x' }, 'TIME_ENTRY_UPDATED'],
    ['expenses', { notes: 'x' }, 'EXPENSE_UPDATED'],
    ['invoices', { status: 'SENT' }, 'INVOICE_UPDATED'],
    ['user_groups', { name: 'x' }, 'USER_GROUP_UPDATED'],
    ['time_off_requests', { note: 'x' }, 'TIME_OFF_REQUEST_UPDATED'],
    ['time_off_balances', { balance: 3 }, 'BALANCE_UPDATED'],
    ['assignments', { note: 'x' }, 'ASSIGNMENT_UPDATED'],
    ['users', { name: 'x' }, 'USER_UPDATED'],
    ['users', { email: 'x@simulated.example' }, 'USER_EMAIL_CHANGED'],
  ])('%s with %j: %s', async (entity, fields, event) => {
    expect(await update(entity, rowWhere(entity), fields)).toEqual([event]);
  });

  it('tells the address of before', async () => {
    const user = rowWhere('users');
    await update('users', user, { email: 'new@simulated.example' });

    expect(lastBody()).toMatchObject({ email: 'new@simulated.example', oldEmail: user['email'] });
  });

  it('stops a timer, and changes what has stopped', async () => {
    const timer = rowWhere('time_entries', isRunning);
    const end = { timeInterval: { ...(timer['timeInterval'] as Row), end: '2030-01-01T00:00:00Z', duration: 'PT1H' } };

    expect(await update('time_entries', timer, end)).toEqual(['TIMER_STOPPED']);
    watched.addon.received.length = 0;
    expect(await update('time_entries', timer, { billable: true })).toEqual(['TIME_ENTRY_UPDATED']);
  });

  it('starts a timer', async () => {
    const timeInterval = { start: '2026-11-21T10:00:00Z', end: null, duration: null };

    expect(await eventsOf({ entity: 'time_entries', insert: 1, fields: { timeInterval } })).toEqual([
      'NEW_TIMER_STARTED',
    ]);
    expect(lastBody()).toMatchObject({ timeInterval });
  });

  it('splits an entry: only the new half is told of', async () => {
    const entry = rowWhere('time_entries', (row) => !isRunning(row));
    const { updated, inserted } = watched.simulator.mutate(watched.workspaceId, {
      entity: 'time_entries',
      split: [keyOf(entry), 'unknown'],
    });
    await watched.simulator.settleDeliveries(watched.workspaceId);
    const halves = [...updated, ...inserted].map((key) => rowWhere('time_entries', (row) => row['id'] === key));
    const [first, second] = halves.map((row) => row['timeInterval'] as Record<string, string>);

    expect(watched.events()).toEqual(['TIME_ENTRY_SPLIT']);
    expect([lastBody()['id'], updated]).toEqual([inserted[0], [entry['id']]]);
    expect([first?.['start'], second?.['end']]).toEqual([
      (entry['timeInterval'] as Row)['start'],
      (entry['timeInterval'] as Row)['end'],
    ]);
    expect(first?.['end']).toBe(second?.['start']);
  });

  it.each([
    ['INACTIVE', 'USER_DEACTIVATED_ON_WORKSPACE'],
    ['ACTIVE', 'USER_ACTIVATED_ON_WORKSPACE'],
  ])('a membership that becomes %s: %s', async (membershipStatus, event) => {
    const user = rows('users')[2] ?? {};
    const memberships = (user['memberships'] as Row[]).map((one) => ({ ...one, membershipStatus }));

    expect(await update('users', user, { memberships })).toEqual([event]);
  });

  it('an invited person who joins', async () => {
    const user = rowWhere('users', (row) => (row['memberships'] as Row[])[0]?.['membershipStatus'] === 'PENDING');
    const memberships = (user['memberships'] as Row[]).map((one) => ({ ...one, membershipStatus: 'ACTIVE' }));

    expect(await update('users', user, { memberships })).toEqual(['USER_JOINED_WORKSPACE']);
  });

  it.each([
    ['APPROVED', 'TIME_OFF_REQUEST_APPROVED'],
    ['REJECTED', 'TIME_OFF_REQUEST_REJECTED'],
    ['PENDING', 'TIME_OFF_REQUEST_UPDATED'],
  ])('a request for time off that becomes %s: %s', async (statusType, event) => {
    const request = rowWhere('time_off_requests', (row) => (row['status'] as Row)['statusType'] !== statusType);

    expect(await update('time_off_requests', request, { status: { statusType } })).toEqual([event]);
  });

  it('an approval: its status alone has an event', async () => {
    const row = rowWhere('approval_requests');
    const request = row['approvalRequest'] as Row;
    const decided = { ...request, status: { ...(request['status'] as Row), state: 'WITHDRAWN_APPROVAL' } };

    expect(await update('approval_requests', row, { trackedTime: 'PT1H' })).toEqual([]);
    expect(await update('approval_requests', row, { approvalRequest: decided })).toEqual([
      'APPROVAL_REQUEST_STATUS_UPDATED',
    ]);
  });

  it('an assignment that is published, and changed afterwards', async () => {
    const draft = rowWhere('assignments', (row) => row['published'] === false);

    expect(await update('assignments', draft, { published: true })).toEqual(['ASSIGNMENT_PUBLISHED']);
    expect(lastBody()['assignmentId']).toBe(draft['id']);
    watched.addon.received.length = 0;
    expect(await update('assignments', draft, { note: 'y' })).toEqual(['ASSIGNMENT_UPDATED']);
  });
});

describe('rates of members', () => {
  const withRate = (row: Row, field: string, amount: number) => ({
    memberships: (row['memberships'] as Row[]).map((one, index) =>
      index === 0 ? { ...one, [field]: { amount, currency: 'EUR' } } : one,
    ),
  });

  it.each([
    ['hourlyRate', 'BILLABLE_RATE_UPDATED'],
    ['costRate', 'COST_RATE_UPDATED'],
  ])('%s on a project: %s alone', async (field, event) => {
    const project = rowWhere('projects');

    expect(await update('projects', project, withRate(project, field, 4_200))).toEqual([event]);
    expect(lastBody()).toMatchObject({
      rateChangeSource: 'PROJECT_MEMBER',
      modifiedEntity: { targetId: project['id'], membershipType: 'PROJECT', [field]: { amount: 4_200 } },
      currency: { code: 'EUR' },
      amount: 4_200,
    });
  });

  it('on the workspace, with another change', async () => {
    const user = rowWhere('users');
    const fields = { ...withRate(user, 'hourlyRate', 100), name: 'Renamed' };

    expect(await update('users', user, fields)).toEqual(['BILLABLE_RATE_UPDATED', 'USER_UPDATED']);
    const body = watched.addon.webhooks().find((call) => eventOf(call) === 'BILLABLE_RATE_UPDATED')?.body;
    expect(body).toMatchObject({
      rateChangeSource: 'WORKSPACE_MEMBER',
      modifiedEntity: { userId: user['id'], targetId: watched.workspaceId },
    });
  });
});

it.each([
  ['an invited person', { status: 'NOT_REGISTERED' }, 'PENDING', 'USERS_INVITED_TO_WORKSPACE', 'invitedUserEmails'],
  ['a limited account', { status: 'LIMITED' }, 'ACTIVE', 'LIMITED_USERS_ADDED_TO_WORKSPACE', 'invitedUserNames'],
])('%s is told of without an id', async (_who, fields, membershipStatus, event, names) => {
  const memberships = [{ targetId: watched.workspaceId, membershipType: 'WORKSPACE', membershipStatus }];

  expect(await eventsOf({ entity: 'users', insert: 1, fields: { ...fields, memberships } })).toEqual([event]);
  expect(lastBody()[names]).toHaveLength(1);
  expect(lastBody()).not.toHaveProperty('id');
});
