import type { Blueprint } from './blueprint.ts';
import { userFieldValues, type CustomField } from './custom-fields.ts';
import { awkwardNames, personName } from './names.ts';
import { memberIndexes } from './projects.ts';
import { groupIndexesOf } from './user-groups.ts';
import { userSettings } from './user-settings.ts';

/** `inactive` was deactivated, `invited` never answered, `limited` has an account without a login. */
export type UserKind = 'owner' | 'member' | 'inactive' | 'invited' | 'limited';

const listedProjects = 5;
const fixedNames: Readonly<Record<number, string>> = {
  1: awkwardNames.duplicate,
  2: awkwardNames.hebrew,
  6: awkwardNames.duplicate,
};
const fixedKinds: readonly UserKind[] = ['owner', 'member', 'member', 'inactive', 'invited', 'limited', 'member'];

export type User = ReturnType<typeof buildUser>;

export function userKind(index: number): UserKind {
  const fixed = fixedKinds[index];
  if (fixed !== undefined) return fixed;
  if (index % 67 === 0) return 'invited';
  if (index % 37 === 0) return 'limited';
  return index % 11 === 0 ? 'inactive' : 'member';
}

export function userName(blueprint: Blueprint, index: number): string {
  if (userKind(index) === 'invited') return '';
  return fixedNames[index] ?? personName(blueprint.random('user', index));
}

/** A user as the list shows it with roles and all memberships. */
export function buildUser(blueprint: Blueprint, fields: readonly CustomField[], index: number) {
  const kind = userKind(index);
  const id = blueprint.id('users', index);
  return {
    id,
    email: `user${index}@simulated.example`,
    name: userName(blueprint, index),
    memberships: membershipsOf(blueprint, index, kind),
    profilePicture: 'https://img.clockify.me/no-user-image.png',
    activeWorkspace: blueprint.workspaceId,
    defaultWorkspace: blueprint.workspaceId,
    settings: kind === 'invited' || kind === 'limited' ? null : userSettings(blueprint.zoneOf(index)),
    status: kind === 'limited' ? 'LIMITED' : kind === 'invited' ? 'NOT_REGISTERED' : 'ACTIVE',
    customFields: userFieldValues(fields, index).map(({ field, value }) => ({
      customFieldId: field.id,
      customFieldName: field.name,
      customFieldType: field.type,
      userId: id,
      value,
    })),
    roles: rolesOf(blueprint, index),
  };
}

function membershipsOf(blueprint: Blueprint, index: number, kind: UserKind) {
  const userId = blueprint.id('users', index);
  const base = { userId, hourlyRate: null, costRate: null };
  const membershipStatus = kind === 'invited' ? 'PENDING' : kind === 'inactive' ? 'INACTIVE' : 'ACTIVE';
  return [
    { ...base, targetId: blueprint.workspaceId, membershipType: 'WORKSPACE', membershipStatus },
    ...projectsOf(blueprint, index).map((project) => ({
      ...base,
      targetId: blueprint.id('projects', project),
      membershipType: 'PROJECT',
      membershipStatus: 'ACTIVE',
    })),
    ...groupIndexesOf(blueprint, index).map((group) => ({
      ...base,
      targetId: blueprint.id('user_groups', group),
      membershipType: 'USERGROUP',
      membershipStatus: 'ACTIVE',
    })),
  ];
}

/** The first few projects of a user; the platform shows all of them. */
function projectsOf(blueprint: Blueprint, index: number): number[] {
  const { users, projects } = blueprint.counts;
  const own: number[] = [];
  for (let project = index % users; project < projects && own.length < listedProjects; project += users) {
    if (memberIndexes(blueprint, project).includes(index)) own.push(project);
  }
  return own;
}

function rolesOf(blueprint: Blueprint, index: number) {
  const role = (name: string, id: string, type: string) => ({ role: name, entities: [{ id, source: { type } }] });
  if (index === 0) return [role('OWNER', blueprint.workspaceId, 'WORKSPACE')];
  if (index === 1) return [role('WORKSPACE_ADMIN', blueprint.workspaceId, 'WORKSPACE')];
  if (index === 2) return [role('PROJECT_MANAGER', blueprint.id('projects', 2), 'PROJECT')];
  if (index % 20 === 6) return [role('TEAM_MANAGER', blueprint.workspaceId, 'WORKSPACE')];
  return [];
}
