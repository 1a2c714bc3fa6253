import { membershipStatusOf } from '../../platform/members.ts';
import type { Row } from '../../world/types.ts';
import type { AnswerTable, Context } from '../context.ts';
import { memberOf, oneOf, text } from '../filters.ts';
import { pagingStyles } from '../paging.ts';
import { json, notInWorkspace } from '../reply.ts';
import { all, below, findOne, textAt, without } from '../rows.ts';

const paged = { kind: 'list', paging: pagingStyles.standard, lastPageHeader: true } as const;
const userSort = {
  ID: 'id',
  EMAIL: 'email',
  NAME: 'name',
  NAME_LOWERCASE: 'name',
  ACCESS: 'status',
  HOURLYRATE: 'hourlyRate.amount',
  COSTRATE: 'costRate.amount',
};

/** The workspace, its users, groups and holidays. */
export const peopleAnswers: AnswerTable = {
  getLoggedUser: { kind: 'other', reply: (context) => json(presentCaller(context)) },
  getWorkspacesOfUser: {
    kind: 'other',
    isClosedToAddons: () => true,
    reply: ({ caller }) => json(caller.workspaces.map(({ world }) => world.list('workspace')[0])),
  },
  getWorkspaceOfUser: { kind: 'other', reply: ({ world }) => json(world.list('workspace')[0]) },
  getUsersOfWorkspace: {
    ...paged,
    rows: all('users'),
    present: presentUser,
    sort: userSort,
    filters: {
      email: text('email'),
      name: text('name'),
      'project-id': memberOf('targetId'),
      status: hasMembershipStatus,
      'account-statuses': oneOf('status'),
    },
    assumed: {
      status: 'ACTIVE,PENDING',
      'account-statuses': 'ACTIVE,PENDING_EMAIL_VERIFICATION,NOT_REGISTERED,DELETED',
    },
  },
  getManagersOfUser: {
    ...paged,
    rows: below('user_managers', 'users', 'userId'),
    sort: userSort,
  },
  getMemberProfile: {
    kind: 'other',
    members: 'self',
    reply: (context) => {
      findOne('users', 'userId')(context);
      return json(findOne('member_profiles', 'userId')(context));
    },
  },
  getUserGroups: {
    ...paged,
    rows: all('user_groups'),
    present: (row, { query }) => (query.get('includeTeamManagers') === 'true' ? row : without(row, 'teamManagers')),
    sort: { ID: 'id', NAME: 'name' },
    filters: { name: text('name'), 'project-id': isGroupOfProject },
  },
  getHolidays: { kind: 'list', rows: all('holidays'), filters: { 'assigned-to': isAssignedTo } },
  getHolidaysInPeriod: {
    kind: 'list',
    rows: all('holidays'),
    filters: {
      'assigned-to': isAssignedTo,
      start: (row, value) => textAt(row, 'datePeriod.endDate') >= value.slice(0, 10),
      end: (row, value) => textAt(row, 'datePeriod.startDate') <= value.slice(0, 10),
    },
  },
};

function presentCaller(context: Context): Row {
  const user = context.world.find('users', context.caller.userId);
  if (user === undefined) throw notInWorkspace('User');
  const bare = without(user, 'roles');
  return context.query.get('include-memberships') === 'true' ? bare : without(bare, 'memberships');
}

/** Roles only when asked for; memberships of the asked type only. */
function presentUser(row: Row, { query }: Context): Row {
  const wanted = query.get('memberships') ?? 'NONE';
  const base = query.get('include-roles') === 'true' ? row : without(row, 'roles');
  if (wanted === 'ALL' || !Array.isArray(base['memberships'])) return base;
  return { ...base, memberships: base['memberships'].filter((one: Row) => one['membershipType'] === wanted) };
}

function hasMembershipStatus(row: Row, value: string): boolean {
  const wanted = value.split(',');
  return wanted.includes('ALL') || wanted.includes(String(membershipStatusOf(row)));
}

function isAssignedTo(row: Row, userId: string, { world }: Context): boolean {
  if (row['everyoneIncludingNew'] === true || holds(row['userIds'], userId)) return true;
  const groups = Array.isArray(row['userGroupIds']) ? row['userGroupIds'] : [];
  return groups.some((groupId) => holds(world.find('user_groups', String(groupId))?.['userIds'], userId));
}

function isGroupOfProject(row: Row, projectId: string, { world }: Context): boolean {
  const memberships = world.find('projects', projectId)?.['memberships'];
  return Array.isArray(memberships) && memberships.some((one: Row) => one['targetId'] === row['id']);
}

function holds(list: unknown, value: string): boolean {
  return Array.isArray(list) && list.includes(value);
}
