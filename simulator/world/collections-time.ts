import { buildApproval } from './approvals.ts';
import type { Blueprint } from './blueprint.ts';
import { countedCollection, nestedCollection } from './collection.ts';
import type { Sources } from './sources.ts';
import { freshEntry, userEntries } from './time-entries.ts';
import { buildBalance } from './time-off-balances.ts';
import { buildPolicy, policyUserIndexes } from './time-off-policies.ts';
import { buildTimeOffRequest } from './time-off-requests.ts';

/** Time worked, approved and taken off. */
export function timeCollections(blueprint: Blueprint, sources: Sources) {
  const { counts } = blueprint;
  return {
    time_entries: nestedCollection(
      (user) => userEntries(blueprint, sources, user),
      (index, user) => freshEntry(blueprint, sources, index, user),
    ),
    approval_requests: countedCollection(counts.approval_requests, (index) => buildApproval(blueprint, sources, index)),
    time_off_policies: countedCollection(counts.time_off_policies, (index) => buildPolicy(blueprint, index)),
    time_off_requests: countedCollection(counts.time_off_requests, (index) => buildTimeOffRequest(blueprint, index)),
    time_off_balances: nestedCollection(
      (policyIndex) =>
        policyUserIndexes(blueprint, policyIndex).map((userIndex, index) =>
          buildBalance(blueprint, { policyIndex, index, userIndex }),
        ),
      (index, policy) => buildBalance(blueprint, { policyIndex: policy.index, index, userIndex: index % counts.users }),
    ),
  };
}
