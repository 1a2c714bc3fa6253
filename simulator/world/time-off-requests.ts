import type { Blueprint } from './blueprint.ts';
import { dayMs, formatInstant } from './calendar.ts';
import { buildPolicy, isPolicyFor } from './time-off-policies.ts';
import { userKind, userName } from './users.ts';

const states = ['APPROVED', 'APPROVED', 'PENDING', 'REJECTED', 'APPROVED'] as const;

/** A request as the search shows it. */
export function buildTimeOffRequest(blueprint: Blueprint, index: number) {
  const random = blueprint.random('time off', index);
  const { counts } = blueprint;
  const policyIndex = index % Math.max(counts.time_off_policies, 1);
  const userIndex = userFrom(counts.users, policyIndex, random.int(0, counts.users - 1));
  const policy = buildPolicy(blueprint, policyIndex);
  const createdAt = blueprint.createdAt(index, counts.time_off_requests);
  const statusType = states[index % states.length] ?? 'PENDING';
  const from = Math.floor(createdAt / dayMs) * dayMs + 14 * dayMs;
  const isHalfDay = policy.allowHalfDay && index % 10 === 0;
  const days = isHalfDay ? 1 : random.int(1, 10);
  const owner = { id: blueprint.id('users', 0), name: userName(blueprint, 0) };
  const decided = statusType !== 'PENDING';
  const userId = blueprint.id('users', userIndex);
  return {
    id: blueprint.id('time_off_requests', index),
    workspaceId: blueprint.workspaceId,
    policyId: policy.id,
    policyName: policy.name,
    userId,
    userName: userName(blueprint, userIndex),
    userEmail: `user${userIndex}@simulated.example`,
    userTimeZone: blueprint.zoneOf(userIndex),
    requesterUserId: userId,
    requesterUserName: userName(blueprint, userIndex),
    timeOffPeriod: {
      period: { start: formatInstant(from), end: formatInstant(from + days * dayMs - 1_000) },
      halfDay: isHalfDay,
      halfDayPeriod: isHalfDay ? 'FIRST_HALF' : 'NOT_DEFINED',
      halfDayHours: null,
    },
    status: {
      statusType,
      changedByUserId: decided ? owner.id : null,
      changedByUserName: decided ? owner.name : null,
      changedForUserName: null,
      changedAt: decided ? formatInstant(createdAt + dayMs) : null,
      note: statusType === 'REJECTED' ? 'Too many people are away' : null,
    },
    timeUnit: policy.timeUnit,
    balance: random.int(0, 20),
    balanceDiff: isHalfDay ? 0.5 : days,
    createdAt: formatInstant(createdAt),
    note: random.chance(0.3) ? 'Family' : null,
  };
}

/** The first user at or after a position whom the policy is for, beginning again at the end. */
function userFrom(users: number, policyIndex: number, position: number): number {
  for (let step = 0; step < users; step += 1) {
    const user = (position + step) % users;
    if (isPolicyFor(policyIndex, user) && userKind(user) !== 'invited') return user;
  }
  return 0;
}
