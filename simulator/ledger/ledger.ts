import { createHash } from 'node:crypto';

/** One request as the simulator saw it. */
export interface LedgerEntry {
  /** Epoch milliseconds of arrival. */
  readonly at: number;
  /** Monotonic milliseconds of arrival, for windows. */
  readonly monotonicMs: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  workspaceId: string | null;
  tokenKind: string | null;
  tokenDigest: string | null;
  operationId: string | null;
  /** As sent, in the query or in the body; null when none was. */
  page: string | null;
  /** Id of the innermost parent named by the path. */
  parentId: string | null;
  /** Null while the answer is under way, and for ever when a fault withheld it. */
  status: number | null;
  /** `undeclared`: no document knows the path; `unserved`: documented, but not simulated. */
  flag: 'undeclared' | 'unserved' | null;
}

interface OpenEntry {
  readonly entry: LedgerEntry;
  /** Names the workspace once the token is read; counts the request as in flight there until `close`. */
  enter(workspaceId: string): void;
  close(): void;
}

export interface Ledger {
  open(method: string, path: string, query: string): OpenEntry;
  requests(workspaceId?: string): readonly LedgerEntry[];
  maxInFlight(workspaceId?: string): number;
  reset(): void;
}

export function createLedger(): Ledger {
  let entries: LedgerEntry[] = [];
  const inFlight = new Map<string, number>();
  const peak = new Map<string, number>();

  const step = (workspaceId: string, by: 1 | -1) => {
    const count = (inFlight.get(workspaceId) ?? 0) + by;
    inFlight.set(workspaceId, count);
    peak.set(workspaceId, Math.max(peak.get(workspaceId) ?? 0, count));
  };

  return {
    open(method, path, query) {
      const entry = newEntry(method, path, query);
      entries.push(entry);
      let isOpen = true;
      return {
        entry,
        enter(workspaceId) {
          entry.workspaceId = workspaceId;
          if (isOpen) step(workspaceId, 1);
        },
        close() {
          if (isOpen && entry.workspaceId !== null) step(entry.workspaceId, -1);
          isOpen = false;
        },
      };
    },
    requests: (workspaceId) =>
      workspaceId === undefined ? entries : entries.filter((entry) => entry.workspaceId === workspaceId),
    maxInFlight: (workspaceId) =>
      workspaceId === undefined ? Math.max(0, ...peak.values()) : (peak.get(workspaceId) ?? 0),
    reset() {
      entries = [];
      peak.clear();
    },
  };
}

/** Tells tokens apart without keeping them. */
export function tokenDigest(token: string): string {
  return createHash('sha256').update(token).digest('hex').slice(0, 16);
}

function newEntry(method: string, path: string, query: string): LedgerEntry {
  return {
    at: Date.now(),
    monotonicMs: performance.now(),
    method,
    path,
    query,
    workspaceId: null,
    tokenKind: null,
    tokenDigest: null,
    operationId: null,
    page: null,
    parentId: null,
    status: null,
    flag: null,
  };
}
