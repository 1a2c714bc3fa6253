import type { Row } from '../../world/types.ts';
import type { AnswerTable, Context, Filter } from '../context.ts';
import { text } from '../filters.ts';
import { pagingStyles } from '../paging.ts';
import { json, refuse } from '../reply.ts';
import { all, below, bodyField, findOne, textAt } from '../rows.ts';

const capped = { kind: 'list', feature: 'TIME_OFF', paging: pagingStyles.capped, lastPageHeader: true } as const;
const balances = {
  ...capped,
  sortParameter: 'sort',
  sort: { USER: 'userName', POLICY: 'policyName', USED: 'used', BALANCE: 'balance', TOTAL: 'total' },
  wrap: (items: readonly Row[], count: number) => ({ balances: items, count }),
} as const;

/** Time-off policies, balances and requests. */
export const timeOffAnswers: AnswerTable = {
  findPoliciesForWorkspace: {
    ...capped,
    rows: all('time_off_policies'),
    sort: { ID: 'id', NAME: 'name' },
    filters: { name: text('name'), status: hasPolicyStatus() },
    assumed: { status: 'ACTIVE' },
  },
  getPolicy: {
    kind: 'other',
    feature: 'TIME_OFF',
    reply: (context) => json(findOne('time_off_policies', 'id')(context)),
  },
  getBalancesForPolicy: { ...balances, rows: below('time_off_balances', 'time_off_policies', 'policyId') },
  getBalancesForUser: { ...balances, members: 'self', rows: balancesOfUser },
  getTimeOffRequest: {
    kind: 'list',
    feature: 'TIME_OFF',
    rows: searchRequests,
    paging: pagingStyles.body,
    wrap: (requests, count) => ({ requests, count }),
  },
};

function hasPolicyStatus(): Filter {
  return (row, value) => value === 'ALL' || (row['archived'] === true) === (value === 'ARCHIVED');
}

function balancesOfUser(context: Context): readonly Row[] {
  const { world, params } = context;
  findOne('users', 'userId')(context);
  return world
    .list('time_off_policies')
    .flatMap((policy) => world.list('time_off_balances', String(policy['id'])))
    .filter((balance) => balance['userId'] === params['userId']);
}

const requestStatuses = ['PENDING', 'APPROVED', 'REJECTED', 'ALL'];

/** The one read that is a POST. Without `statuses` only pending requests come. */
function searchRequests(context: Context): readonly Row[] {
  const { world } = context;
  const statuses = textList(bodyField(context, 'statuses')) ?? ['PENDING'];
  if (!statuses.every((status) => requestStatuses.includes(status)))
    throw refuse(400, 3002, 'statuses is not readable');
  const users = textList(bodyField(context, 'users')) ?? [];
  const groups = textList(bodyField(context, 'userGroups')) ?? [];
  const members = groups.flatMap((id) => textList(world.find('user_groups', id)?.['userIds']) ?? []);
  const wanted = [...users, ...members];
  return world
    .list('time_off_requests')
    .filter(
      (row) =>
        (statuses.includes('ALL') || statuses.includes(textAt(row, 'status.statusType'))) &&
        (users.length + groups.length === 0 || wanted.includes(String(row['userId']))) &&
        isWithin(row, bodyField(context, 'start'), bodyField(context, 'end')),
    );
}

function textList(value: unknown): readonly string[] | undefined {
  return Array.isArray(value) ? value.map(String) : undefined;
}

function isWithin(row: Row, start: unknown, end: unknown): boolean {
  const from = textAt(row, 'timeOffPeriod.period.start');
  const to = textAt(row, 'timeOffPeriod.period.end');
  return (typeof start !== 'string' || to >= start) && (typeof end !== 'string' || from <= end);
}
