import type { LedgerSummary } from '../../../simulator/ledger/summary.ts';
import type { Acceptance } from '../fault-row.ts';
import type { Scene } from '../scene.ts';
import type { Watch } from '../watch.ts';

/** What a cell left behind, for those who judge it. */
export interface Evidence {
  readonly scene: Scene;
  readonly accept: Acceptance;
  readonly watch: Watch;
  /** At the end of the run, when all was at rest, and after the run that followed. */
  readonly ledgers: readonly LedgerSummary[];
  /** From the first fault until everything had recovered, in epoch milliseconds. */
  readonly disturbed: { readonly from: number; readonly to: number };
}

/** What an oracle counted, and each breach of its invariant as a sentence. */
export interface Finding {
  readonly lost?: number;
  readonly duplicated?: number;
  readonly refetched?: number;
  readonly breaches: readonly string[];
}

export type Oracle = (evidence: Evidence) => Promise<Finding>;

export const breachIf = (isBreached: boolean, breach: string): string[] => (isBreached ? [breach] : []);
