import type { BootstrapStatus } from '../../src/domain/bootstrap-status.ts';
import { compareMirror, renderComparison } from './comparison.ts';
import { presentEfficiency } from './efficiency.ts';
import { readMirror } from './mirror.ts';
import type { RunningStack } from './stack.ts';
import type { InstalledWorkspace } from './state.ts';
import { formatNumber } from './text-table.ts';

/** Seconds of the run that this session has seen. */
function measureWall(status: BootstrapStatus, sessionStartedAt: number): number {
  const startedAt = Math.max(Date.parse(status.startedAt ?? ''), sessionStartedAt);
  return (Date.parse(status.finishedAt ?? '') - startedAt) / 1000;
}

/** Prints what became of the run; true when every entity is complete and has the same contents on both sides. */
export async function reportResult(
  stack: RunningStack,
  { workspaceId }: InstalledWorkspace,
  status: BootstrapStatus,
  sessionStartedAt: number,
): Promise<{ readonly complete: boolean; readonly lines: readonly string[] }> {
  const [truth, mirror, ledger] = await Promise.all([
    stack.simulator.truth(workspaceId),
    readMirror(stack.adminDatabaseUrl, workspaceId),
    stack.simulator.ledger(workspaceId),
  ]);
  const compared = compareMirror(status.entities, truth, mirror);
  const repeated = ledger.repeated.reduce((sum, { count }) => sum + count - 1, 0);
  const wallSeconds = measureWall(status, sessionStartedAt);
  const lines = [
    '',
    ...renderComparison(compared),
    '',
    `Run ${status.status}`,
    presentEfficiency({ requests: ledger.requests, repeated, wallSeconds }),
    `Requests ${formatNumber(ledger.requests)}, of them repeated ${formatNumber(repeated)}; most in any second ${ledger.maxInAnySecond}`,
  ];
  return { complete: status.entities.length > 0 && compared.every(({ fault }) => fault === undefined), lines };
}

/** Where to look further. */
export const presentAddresses = (stack: RunningStack, sidebarUrl: string | null): string[] => [
  '',
  `Status page      ${sidebarUrl ?? 'none: the manifest has no sidebar'}`,
  `Temporal Web UI  ${stack.temporalUiUrl ?? 'with the server at TEMPORAL_ADDRESS'}`,
  `Metrics          ${stack.metricsUrls.join(' ')}`,
];
