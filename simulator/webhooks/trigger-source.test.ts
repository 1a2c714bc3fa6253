import { expect, it } from '@jest/globals';
import type { EntityType, Row } from '../world/types.ts';
import type { Hook } from './hook.ts';
import { allOn } from './hook.ts';
import { isTriggeredBy } from './trigger-source.ts';

const hook: Hook = {
  ...allOn,
  id: 'h',
  name: 'hook',
  url: 'http://x.example',
  webhookEvent: 'NEW_TAG',
  triggerSource: ['wanted'],
  triggerSourceType: 'WORKSPACE_ID',
  userId: 'u',
  workspaceId: 'w',
  authToken: 't',
};

it.each<[string, EntityType, Row, boolean]>([
  ['PROJECT_ID', 'projects', { id: 'wanted' }, true],
  ['PROJECT_ID', 'projects', { id: 'other' }, false],
  ['PROJECT_ID', 'time_entries', { id: 'wanted', projectId: 'other' }, false],
  ['PROJECT_ID', 'time_entries', { projectId: 'wanted' }, true],
  ['PROJECT_ID', 'expenses', { project: { id: 'wanted' } }, true],
  ['PROJECT_ID', 'time_entries', { projectId: null }, false],
  ['USER_ID', 'users', { id: 'wanted' }, true],
  ['USER_ID', 'assignments', { userId: 'wanted' }, true],
  ['USER_ID', 'approval_requests', { approvalRequest: { owner: { userId: 'wanted' } } }, true],
  ['TAG_ID', 'time_entries', { tagIds: ['other', 'wanted'] }, true],
  ['TAG_ID', 'time_entries', { tagIds: null }, false],
  ['TASK_ID', 'expenses', { task: { id: 'wanted' } }, true],
  ['ASSIGNMENT_ID', 'assignments', { id: 'wanted' }, true],
  ['EXPENSE_ID', 'invoices', { id: 'wanted' }, false],
])('%s of %s %j: %s', (triggerSourceType, entity, row, isWanted) => {
  expect(isTriggeredBy({ ...hook, triggerSourceType }, entity, row)).toBe(isWanted);
});

it('without a source it hears of everything', () => {
  expect(isTriggeredBy({ ...hook, triggerSourceType: 'PROJECT_ID', triggerSource: [] }, 'tags', {})).toBe(true);
});
