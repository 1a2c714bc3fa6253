import type { Blueprint } from './blueprint.ts';
import { times } from './collection.ts';

const names = ['Annual leave', 'Sick leave', 'Parental leave', 'Compensation', 'Training', 'Unpaid leave'];

/** Whether a policy is for a user: for everybody, or in every third policy for one in four. */
export function isPolicyFor(policyIndex: number, userIndex: number): boolean {
  return policyIndex % 3 !== 2 || userIndex % 4 === policyIndex % 4;
}

/** The positions of the users a policy is for. */
export function policyUserIndexes({ counts }: Blueprint, policyIndex: number): number[] {
  return times(counts.users, (index) => index).filter((index) => isPolicyFor(policyIndex, index));
}

/** A policy as live lists show it, with flat ids. Every fifth one is archived. */
export function buildPolicy(blueprint: Blueprint, index: number) {
  const isForEveryone = index % 3 !== 2;
  const name = names[index % names.length] ?? 'Leave';
  return {
    id: blueprint.id('time_off_policies', index),
    name: index < names.length ? name : `${name} ${index}`,
    workspaceId: blueprint.workspaceId,
    archived: index % 5 === 3,
    timeUnit: index % 4 === 1 ? 'HOURS' : 'DAYS',
    allowHalfDay: index % 4 !== 1,
    allowNegativeBalance: index % 2 === 0,
    negativeBalance: { amount: 5, period: 'YEAR', shouldReset: false, timeUnit: 'DAYS' },
    automaticAccrual: { amount: 2, period: 'MONTH', timeUnit: 'DAYS' },
    automaticTimeEntryCreation: { enabled: false, defaultEntities: { projectId: null, taskId: null } },
    approve: { requiresApproval: index % 3 !== 1, specificMembers: false, teamManagers: true, userIds: [] },
    everyoneIncludingNew: isForEveryone,
    userIds: isForEveryone ? [] : policyUserIndexes(blueprint, index).map((user) => blueprint.id('users', user)),
    userGroupIds: [],
    projectId: null,
    icon: 'PLANE',
    color: '#8BC34A',
  };
}
