import type { Ledger, LedgerEntry } from './ledger.ts';

export interface LedgerSummary {
  readonly requests: number;
  readonly maxInAnySecond: number;
  readonly maxInAnyHour: number;
  readonly maxInFlight: number;
  readonly verbs: Readonly<Record<string, number>>;
  readonly statuses: Readonly<Record<string, number>>;
  /** Requests by operation, then by status; answers withheld by a fault count as `none`. */
  readonly operations: Readonly<Record<string, Readonly<Record<string, number>>>>;
  /** Reads answered 2xx more than once with the same path, query and page. */
  readonly repeated: readonly RepeatedRequest[];
  readonly undeclared: readonly string[];
  readonly unserved: readonly string[];
}

interface RepeatedRequest {
  readonly operationId: string | null;
  readonly parentId: string | null;
  readonly page: string | null;
  readonly path: string;
  readonly query: string;
  readonly count: number;
}

/** Sums up one workspace, or everything; windows are sliding and count refused requests too. */
export function summariseLedger(ledger: Ledger, workspaceId?: string): LedgerSummary {
  const entries = ledger.requests(workspaceId);
  const named = (flag: LedgerEntry['flag']) =>
    entries.filter((entry) => entry.flag === flag).map((entry) => `${entry.method} ${entry.path}`);
  return {
    requests: entries.length,
    maxInAnySecond: maxInWindow(entries, 1_000),
    maxInAnyHour: maxInWindow(entries, 3_600_000),
    maxInFlight: ledger.maxInFlight(workspaceId),
    verbs: countBy(entries, (entry) => entry.method),
    statuses: countBy(entries, statusName),
    operations: countOperations(entries),
    repeated: findRepeated(entries),
    undeclared: [...new Set(named('undeclared'))],
    unserved: [...new Set(named('unserved'))],
  };
}

/** The most arrivals any window of that length saw, wherever it starts. */
export function maxInWindow(entries: readonly Pick<LedgerEntry, 'monotonicMs'>[], windowMs: number): number {
  let first = 0;
  let most = 0;
  entries.forEach((entry, index) => {
    while (entry.monotonicMs - (entries[first]?.monotonicMs ?? 0) >= windowMs) first += 1;
    most = Math.max(most, index - first + 1);
  });
  return most;
}

const statusName = (entry: LedgerEntry) => String(entry.status ?? 'none');

function countBy(entries: readonly LedgerEntry[], nameOf: (entry: LedgerEntry) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const entry of entries) counts[nameOf(entry)] = (counts[nameOf(entry)] ?? 0) + 1;
  return counts;
}

function countOperations(entries: readonly LedgerEntry[]): Record<string, Record<string, number>> {
  const byOperation = Object.groupBy(entries, (entry) => entry.operationId ?? 'none');
  return Object.fromEntries(
    Object.entries(byOperation).map(([operationId, some]) => [operationId, countBy(some ?? [], statusName)]),
  );
}

function findRepeated(entries: readonly LedgerEntry[]): RepeatedRequest[] {
  const answered = entries.filter((entry) => entry.status !== null && entry.status < 300);
  const alike = Map.groupBy(answered, ({ method, path, query, page }) => JSON.stringify([method, path, query, page]));
  return [...alike.values()].flatMap((group) => {
    const [first] = group;
    if (first === undefined || group.length === 1) return [];
    const { operationId, parentId, page, path, query } = first;
    return [{ operationId, parentId, page, path, query, count: group.length }];
  });
}
