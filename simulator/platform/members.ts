import type { Row, World } from '../world/types.ts';

const adminRoles = ['OWNER', 'WORKSPACE_ADMIN'];
const ranked = [...adminRoles, 'TEAM_MANAGER', 'PROJECT_MANAGER'];

/** The highest role of a user; `MEMBER` for one without any. */
export function roleOf(world: World, userId: string): string {
  if (userId === world.ownerId) return 'OWNER';
  const roles = rolesOf(world.find('users', userId));
  return ranked.find((role) => roles.includes(role)) ?? 'MEMBER';
}

export function isAdmin(role: string): boolean {
  return adminRoles.includes(role);
}

/** The first active user with that role; undefined when there is none. */
export function findMember(world: World, role: string): string | undefined {
  const user = world
    .list('users')
    .find((one) => one['status'] === 'ACTIVE' && roleOf(world, String(one['id'])) === role);
  return user === undefined ? undefined : String(user['id']);
}

/** The `roles` of a user row with exactly one role, or none for `MEMBER`. */
export function rolesWith(world: World, role: string): readonly Row[] {
  return role === 'MEMBER' ? [] : [{ role, entities: [{ id: world.workspaceId }] }];
}

function rolesOf(user: Row | undefined): readonly string[] {
  const roles = user?.['roles'];
  return Array.isArray(roles) ? roles.map((one: Row) => String(one['role'])) : [];
}
