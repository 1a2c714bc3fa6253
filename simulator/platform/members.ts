import type { Row, World } from '../world/types.ts';

const adminRoles = ['OWNER', 'WORKSPACE_ADMIN'];
const ranked = [...adminRoles, 'TEAM_MANAGER', 'PROJECT_MANAGER'];

/** The highest role of a user; `MEMBER` for one without any. */
export function roleOf(world: World, userId: string): string {
  if (userId === world.ownerId) return 'OWNER';
  const roles = rowsOf(world.find('users', userId), 'roles').map((one) => one['role']);
  return ranked.find((role) => roles.includes(role)) ?? 'MEMBER';
}

export function isAdmin(role: string): boolean {
  return adminRoles.includes(role);
}

/** Of the user in the workspace: PENDING, ACTIVE, DECLINED or INACTIVE; undefined for a stranger. */
export function membershipStatusOf(user: Row | undefined): unknown {
  const own = rowsOf(user, 'memberships').find((membership) => membership['membershipType'] === 'WORKSPACE');
  return own?.['membershipStatus'];
}

/** The first active member with that role; undefined when there is none. */
export function findMember(world: World, role: string): string | undefined {
  return world
    .list('users')
    .filter((user) => user['status'] === 'ACTIVE' && membershipStatusOf(user) === 'ACTIVE')
    .map((user) => String(user['id']))
    .find((userId) => roleOf(world, userId) === role);
}

/** The `roles` of a user row with exactly one role on the workspace; none for `MEMBER`. */
export function rolesWith(world: World, role: string): readonly Row[] {
  if (role === 'MEMBER') return [];
  return [{ role, entities: [{ id: world.workspaceId, source: { type: 'WORKSPACE' } }] }];
}

function rowsOf(user: Row | undefined, field: 'roles' | 'memberships'): readonly Row[] {
  const rows = user?.[field];
  return Array.isArray(rows) ? (rows as Row[]) : [];
}
