import type { Blueprint } from './blueprint.ts';
import { buildPolicy } from './time-off-policies.ts';
import { userName } from './users.ts';

interface BalancePlace {
  readonly policyIndex: number;
  /** Position below the policy. */
  readonly index: number;
  readonly userIndex: number;
}

/** What one user has of one policy; `negativeBalanceUsed` is absent from the official schema. The owner has overdrawn the first. */
export function buildBalance(blueprint: Blueprint, { policyIndex, index, userIndex }: BalancePlace) {
  const random = blueprint.random('balance', policyIndex, userIndex);
  const policy = buildPolicy(blueprint, policyIndex);
  const total = random.int(10, 30);
  const used = policyIndex === 0 && userIndex === 0 ? total + 2.5 : random.int(0, total * 2) / 2;
  const createdAt = blueprint.createdAt(policyIndex, blueprint.counts.time_off_policies) + index * 1_000;
  return {
    id: blueprint.id('time_off_balances', index, { parentIndex: policyIndex, createdAt }),
    workspaceId: blueprint.workspaceId,
    userId: blueprint.id('users', userIndex),
    userName: userName(blueprint, userIndex),
    policyId: policy.id,
    policyName: policy.name,
    policyArchived: policy.archived,
    policyTimeUnit: policy.timeUnit,
    balance: total - used,
    total,
    used,
    negativeBalanceLimit: policy.allowNegativeBalance,
    negativeBalanceAmount: policy.negativeBalance.amount,
    negativeBalanceUsed: Math.max(0, used - total),
  };
}
