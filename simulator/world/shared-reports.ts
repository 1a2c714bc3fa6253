import type { Blueprint } from './blueprint.ts';

const types = ['DETAILED', 'SUMMARY', 'WEEKLY', 'EXPENSE_DETAILED'];

export function buildSharedReport(blueprint: Blueprint, index: number) {
  const id = blueprint.id('shared_reports', index);
  const isPublic = index % 2 === 0;
  return {
    id,
    name: `Report ${index + 1}`,
    type: types[index % types.length],
    link: `https://app.clockify.me/shared/${id}`,
    isPublic,
    fixedDate: false,
    reportAuthor: blueprint.id('users', 0),
    visibleToUsers: isPublic ? [] : [{ id: blueprint.id('users', 0), name: 'Owner' }],
    visibleToUserGroups: [],
    workspaceId: blueprint.workspaceId,
  };
}
