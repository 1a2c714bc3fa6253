import { pick, type PayloadBuilder } from './fields.ts';

/** Clients and tags: four fields of many. */
export const named: PayloadBuilder = (row) => pick(row, 'id', 'name', 'workspaceId', 'archived');

export const userGroup: PayloadBuilder = (row) => pick(row, 'id', 'name', 'workspaceId', 'userIds', 'teamManagers');

/** Ids alone. */
export const assignment: PayloadBuilder = (row) => ({
  ...pick(row, 'workspaceId', 'userId', 'projectId'),
  assignmentId: row['id'],
});

/** The request without the entries and expenses it covers. */
export const approval: PayloadBuilder = (row) => {
  const request = row['approvalRequest'] as Record<string, Record<string, unknown>>;
  const { timeZone, ...owner } = pick(request['owner'] ?? {}, 'userId', 'userName', 'timeZone', 'startOfWeek');
  return {
    ...pick(request, 'id', 'workspaceId', 'dateRange'),
    owner: { ...owner, timezone: timeZone },
    status: { ...request['status'], note: request['status']?.['note'] ?? '' },
  };
};

/** Neither id nor policy, and the value is text. */
export const balance: PayloadBuilder = (row, { world }) => ({
  ...pick(row, 'workspaceId', 'userId'),
  value: String(row['balance']),
  note: '',
  updatedBy: world.ownerId,
});

export const timeOffRequest: PayloadBuilder = (row) => {
  const { period, halfDay } = row['timeOffPeriod'] as Record<string, unknown>;
  const status = pick(
    row['status'] as Record<string, unknown>,
    'statusType',
    'changedByUserId',
    'changedByUserName',
    'changedAt',
    'note',
  );
  return {
    ...pick(row, 'id', 'userId', 'workspaceId', 'policyId'),
    timeZone: row['userTimeZone'] ?? 'UTC',
    halfDay,
    timeOffPeriod: { period },
    ...pick(row, 'note'),
    status,
    ...pick(row, 'balanceDiff', 'createdAt', 'requesterUserId'),
    excludeDays: [],
    negativeBalanceUsed: 0,
    balanceValueAtRequest: row['balance'],
  };
};
