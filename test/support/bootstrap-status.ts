import type { BootstrapStatus, BudgetStatus, EntityStatus } from '../../src/domain/bootstrap-status.ts';

/** An entity nothing is known of yet, with the given differences. */
export const buildEntityStatus = (given: Partial<EntityStatus>): EntityStatus => ({
  entity: 'tags',
  runId: 'r1',
  state: 'waiting',
  pages: 0,
  rows: 0,
  expected: null,
  complete: null,
  evidence: null,
  reason: null,
  ratePerSecond: null,
  etaSeconds: null,
  lastError: null,
  lastErrorCode: null,
  lastFullScanAt: null,
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
