import type { InstallOptions } from '../../simulator/platform/requests.ts';
import type { RunStatus } from '../../src/domain/bootstrap-status.ts';
import type { Need } from './needs.ts';
import type { Scene } from './scene.ts';
import type { StackOptions } from './parts.ts';

/** Moments in epoch milliseconds, both included. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

/** What may happen to a workspace without anything being wrong. */
export interface Acceptance {
  /** Pages that may be read twice; 0 without. */
  readonly refetched?: number;
  /** From the lifting of the fault until every page loop has moved on; 30 s without. */
  readonly recoveryMs?: number;
  /** How the run may end; COMPLETED without. `none`: there must be no run. `open`: it is left as it is, and not judged. */
  readonly ends?: readonly RunStatus[] | 'none' | 'open';
  /** Another run follows on the healed workspace, and the mirror is judged after it. */
  readonly reruns?: boolean;
  /** The API may answer 5xx until it has recovered: what it depends on was away. */
  readonly mayRefuse?: boolean;
  /** Deliveries answered in between may be missing: the database went back to an earlier moment. */
  readonly forgotten?: (scene: Scene) => Span | undefined;
  /** Mebibytes that a process may hold more than before, besides what a garbage collector leaves lying about. */
  readonly heldMiB?: number;
  /** What else must hold, as sentences about what does not. */
  readonly check?: (scene: Scene) => Promise<readonly string[]> | readonly string[];
}

/** One fault at one moment. */
export interface FaultCell {
  readonly moment: string;
  readonly needs?: readonly Need[];
  /** Whether it can strike at any time of a run and beside others: then random schedules draw it. */
  readonly isMixable?: true;
  /** `cold`: the cell installs the add-on itself. Without: the fault strikes a run that has read some pages. */
  readonly begins?: 'cold';
  readonly workspace?: InstallOptions;
  /** A stack of its own. */
  readonly stack?: StackOptions;
  /** Strikes, and resolves when the fault is to be lifted. */
  readonly inject: (scene: Scene) => Promise<void>;
  readonly accept?: Acceptance;
}

export interface FaultRow {
  readonly row: number;
  readonly fault: string;
  readonly cells: readonly FaultCell[];
}
