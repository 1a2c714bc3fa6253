import type { BootstrapStatus, BudgetStatus, EntityStatus } from '../../src/domain/bootstrap-status.ts';
import type { CostEstimate } from '../../src/domain/cost-estimate.ts';

/** An entity nothing is known of yet, with the given differences. */
export const buildEntityStatus = (given: Partial<EntityStatus>): EntityStatus => ({
  entity: 'tags',
  runId: 'r1',
  state: 'waiting',
  pages: 0,
  rows: 0,
  stored: null,
  expected: null,
  complete: null,
  evidence: null,
  reason: null,
  ratePerSecond: null,
  etaSeconds: null,
  lastError: null,
  lastErrorCode: null,
  lastFullScanAt: null,
  lastDeltaAt: null,
  lastEventAt: null,
  missed: 0,
  ...given,
});

/** A budget of which nothing was used, with the given differences. */
export const buildBudget = (given: Partial<BudgetStatus> = {}): BudgetStatus => ({
  limitPerSecond: 48,
  usedLastSecond: 0,
  hourlyLimit: null,
  hourlyUsed: null,
  pausedUntil: null,
  ...given,
});

/** A running bootstrap with these entities. */
export const buildStatus = (
  entities: readonly EntityStatus[],
  given: Partial<BootstrapStatus> = {},
): BootstrapStatus => ({
  workspaceId: 'w1',
  runId: 'r1',
  status: 'RUNNING',
  startedAt: '2026-01-01T00:00:00.000Z',
  finishedAt: null,
  lastBootstrapAt: null,
  requests: 12,
  startsOnVisit: false,
  budget: buildBudget(),
  entities,
  ...given,
});

/** An estimate of a small run, with the given differences. */
export const buildEstimate = (given: Partial<CostEstimate> = {}): CostEstimate => ({
  calls: 1240,
  margin: 60,
  minutes: 14.2,
  basis: 'mirror',
  entities: [{ entity: 'tags', calls: 3, margin: 0, rows: 412, basis: 'mirror' }],
  requests: 0,
  plan: 'PRO',
  pace: { requestsPerSecond: 48, requestsPerHour: null },
  notes: ['Time entries are read for each of 184 users.'],
  ...given,
});
