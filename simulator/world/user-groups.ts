import type { Blueprint } from './blueprint.ts';
import type { User } from './users.ts';

/** A user is in one group, every third one in a second. */
export function groupIndexesOf({ counts }: Blueprint, userIndex: number): number[] {
  const groups = counts.user_groups;
  if (groups === 0 || userIndex >= counts.users) return [];
  const main = userIndex % groups;
  return userIndex % 3 === 0 && groups > 1 ? [main, (main + 1) % groups] : [main];
}

export function buildUserGroup(blueprint: Blueprint, users: readonly User[], index: number) {
  const members = users.filter((_, user) => groupIndexesOf(blueprint, user).includes(index));
  const manager = members.find((user) => user.name !== '');
  return {
    id: blueprint.id('user_groups', index),
    name: `Team ${index + 1}`,
    workspaceId: blueprint.workspaceId,
    userIds: members.map((user) => user.id),
    teamManagers: manager === undefined ? [] : [{ id: manager.id, name: manager.name }],
  };
}
