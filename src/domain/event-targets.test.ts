import { describe, expect, it } from '@jest/globals';
import { findTargets, readDeliveryIds } from './event-targets.ts';
import { buildTargetKey } from './refetch-target.ts';
import { webhookEvents } from './webhook-events.ts';
import type { WebhookEvent } from './webhook-events.ts';

const id = '1'.repeat(24);
const userId = '2'.repeat(24);
const projectId = '3'.repeat(24);
const taskId = '4'.repeat(24);
const workspaceId = '5'.repeat(24);

const entryBody = { id, workspaceId, userId, projectId, tagIds: [], description: 'x', task: { id: taskId } };
const projectBody = { id, workspaceId, clientId: userId, name: 'x', tasks: [], client: { id: userId } };
const taskBody = { id, projectId, name: 'x', assigneeIds: [userId] };
const clientBody = { id, workspaceId, name: 'x' };
const requestBody = { id, workspaceId, userId, policyId: projectId, status: { statusType: 'PENDING' } };
const approvalBody = { id, workspaceId, owner: { userId }, status: { state: 'PENDING' } };
const slimExpense = { workspaceId, userId, projectId, expenseId: id, categoryId: taskId };
const assignmentBody = { workspaceId, userId, projectId, assignmentId: id };
const userBody = { id, email: 'x@example.com', name: 'x' };
const groupBody = { id, workspaceId, name: 'x', userIds: [userId] };
const invoiceBody = { id, clientId: projectId, userId, items: [{ timeEntryIds: [taskId] }] };
const rateBody = {
  workspaceId,
  rateChangeSource: 'PROJECT_MEMBER',
  modifiedEntity: { userId, targetId: projectId, membershipType: 'PROJECT' },
  currency: { id: taskId },
};
const inviteBody = { workspaceId, inviter: { id: userId }, invitees: ['x@example.com'] };

const invoiceTargets = [`invoices/id/${id}`, `invoice_details/parent/${id}`, `invoice_payments/parent/${id}`];
const rateTargets = ['users/list', 'workspace/list', `projects/id/${projectId}`, `tasks/id/${projectId}`];

/** Each event with a body of the platform's shape and what must be fetched. */
const cases: readonly (readonly [WebhookEvent, object, readonly string[]])[] = [
  ['NEW_TIME_ENTRY', entryBody, [`time_entries/id/${id}`]],
  ['TIME_ENTRY_UPDATED', entryBody, [`time_entries/id/${id}`]],
  ['TIME_ENTRY_DELETED', { ...entryBody, type: 'REGULAR', kioskId: null }, [`time_entries/id/${id}`]],
  ['TIME_ENTRY_RESTORED', entryBody, [`time_entries/id/${id}`]],
  ['TIME_ENTRY_SPLIT', entryBody, [`time_entries/id/${id}/neighbours`]],
  ['NEW_TIMER_STARTED', { ...entryBody, timeInterval: { end: null } }, [`time_entries/id/${id}`]],
  ['TIMER_STOPPED', entryBody, [`time_entries/id/${id}`]],
  ['NEW_PROJECT', projectBody, [`projects/id/${id}`]],
  ['PROJECT_UPDATED', { ...projectBody, tasks: [{ id: taskId }] }, [`projects/id/${id}`]],
  ['PROJECT_DELETED', projectBody, [`projects/id/${id}`]],
  ['NEW_TASK', taskBody, [`tasks/id/${id}`]],
  ['TASK_UPDATED', taskBody, [`tasks/id/${id}`]],
  ['TASK_DELETED', taskBody, [`tasks/id/${id}`]],
  ['NEW_CLIENT', clientBody, [`clients/id/${id}`]],
  ['CLIENT_UPDATED', clientBody, [`clients/id/${id}`]],
  ['CLIENT_DELETED', clientBody, [`clients/id/${id}`]],
  ['NEW_TAG', clientBody, [`tags/id/${id}`]],
  ['TAG_UPDATED', clientBody, [`tags/id/${id}`]],
  ['TAG_DELETED', clientBody, [`tags/id/${id}`]],
  ['NEW_APPROVAL_REQUEST', approvalBody, [`approval_requests/id/${id}`]],
  ['APPROVAL_REQUEST_STATUS_UPDATED', approvalBody, [`approval_requests/id/${id}`]],
  ['TIME_OFF_REQUESTED', requestBody, [`time_off_requests/member/${userId}`]],
  ['TIME_OFF_REQUEST_UPDATED', { id, workspaceId }, ['time_off_requests/list']],
  ['TIME_OFF_REQUEST_STARTED', { id, workspaceId, userId }, [`time_off_requests/member/${userId}`]],
  ['TIME_OFF_REQUEST_APPROVED', requestBody, [`time_off_requests/member/${userId}`]],
  ['TIME_OFF_REQUEST_REJECTED', requestBody, [`time_off_requests/member/${userId}`]],
  ['TIME_OFF_REQUEST_WITHDRAWN', requestBody, [`time_off_requests/member/${userId}`]],
  ['BALANCE_UPDATED', { workspaceId, userId, value: '1.5' }, [`time_off_balances/member/${userId}`]],
  ['EXPENSE_CREATED', { id, workspaceId, userId, categoryId: taskId }, [`expenses/member/${userId}`]],
  ['EXPENSE_RESTORED', { id, workspaceId, userId }, [`expenses/member/${userId}`]],
  ['EXPENSE_UPDATED', slimExpense, [`expenses/member/${userId}`]],
  ['EXPENSE_DELETED', slimExpense, [`expenses/member/${userId}`]],
  ['NEW_INVOICE', invoiceBody, invoiceTargets],
  ['INVOICE_UPDATED', invoiceBody, invoiceTargets],
  ['ASSIGNMENT_CREATED', assignmentBody, ['assignments/list']],
  ['ASSIGNMENT_UPDATED', assignmentBody, ['assignments/list']],
  ['ASSIGNMENT_PUBLISHED', assignmentBody, ['assignments/list']],
  ['ASSIGNMENT_DELETED', assignmentBody, ['assignments/list']],
  ['USER_JOINED_WORKSPACE', userBody, ['users/list']],
  ['USER_ACTIVATED_ON_WORKSPACE', userBody, ['users/list']],
  ['USER_DEACTIVATED_ON_WORKSPACE', userBody, ['users/list']],
  ['USER_DELETED_FROM_WORKSPACE', userBody, ['users/list']],
  ['USER_UPDATED', userBody, ['users/list']],
  ['USER_EMAIL_CHANGED', userBody, ['users/list']],
  ['USERS_INVITED_TO_WORKSPACE', inviteBody, ['users/list']],
  ['LIMITED_USERS_ADDED_TO_WORKSPACE', inviteBody, ['users/list']],
  ['USER_GROUP_CREATED', groupBody, ['user_groups/list']],
  ['USER_GROUP_UPDATED', groupBody, ['user_groups/list']],
  ['USER_GROUP_DELETED', groupBody, ['user_groups/list']],
  ['BILLABLE_RATE_UPDATED', rateBody, rateTargets],
  ['COST_RATE_UPDATED', rateBody, rateTargets],
];

const keysOf = (event: WebhookEvent, body: object) =>
  findTargets(event, readDeliveryIds(body)).targets.map(buildTargetKey);

describe('an event and its ids tell what to fetch again', () => {
  it('for every event', () => {
    expect(cases.map(([event]) => event).toSorted()).toEqual(webhookEvents.toSorted());
  });

  it.each(cases)('%s', (event, body, expected) => {
    expect(keysOf(event, body)).toEqual(expected);
  });

  it('of a project that came with tasks, the tasks too', () => {
    expect(keysOf('NEW_PROJECT', { ...projectBody, tasks: [{ id: taskId }] })).toEqual([
      `projects/id/${id}`,
      `tasks/parent/${id}`,
    ]);
  });

  it('and in which project a task is', () => {
    expect(findTargets('NEW_TASK', readDeliveryIds(taskBody)).targets).toEqual([
      { by: 'id', entity: 'tasks', id, parentId: projectId },
    ]);
    expect(findTargets('TASK_UPDATED', readDeliveryIds({ id })).targets).toEqual([{ by: 'id', entity: 'tasks', id }]);
  });

  it.each<[WebhookEvent, object, string, string | null]>([
    ['EXPENSE_UPDATED', slimExpense, 'expenses', id],
    ['ASSIGNMENT_CREATED', assignmentBody, 'assignments', id],
    ['NEW_TAG', clientBody, 'tags', id],
    ['USERS_INVITED_TO_WORKSPACE', inviteBody, 'users', null],
    ['BALANCE_UPDATED', { userId }, 'time_off_balances', null],
  ])('%s is about an entity to jump to', (event, body, entity, about) => {
    expect(findTargets(event, readDeliveryIds(body))).toMatchObject({ entity, id: about });
  });
});

describe('a body without the ids it should have', () => {
  const needsId = cases.filter(([, , expected]) => expected.every((key) => !key.endsWith('/list')));

  it.each(needsId)('%s', (event) => {
    const lists = { TIME_OFF_: ['time_off_requests/list'], EXPENSE_: ['expenses/list'] };
    const narrowest = Object.entries(lists).find(([prefix]) => event.startsWith(prefix))?.[1] ?? [];
    expect(keysOf(event, {})).toEqual(narrowest);
  });

  it.each(['', 'x', '../users', `${id}/`, id.toUpperCase().replace('1', 'G'), `${id}0`, '%'.repeat(24)])(
    'is one in which the id is %j',
    (wrong) => expect(keysOf('NEW_TAG', { id: wrong })).toEqual([]),
  );
});
