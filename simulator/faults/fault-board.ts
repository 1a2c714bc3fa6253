import type { ArmedFault, Fault, FaultOf } from './types.ts';

export interface FaultBoard {
  add(fault: Fault): string;
  /** Removes one fault, or all; answers how many went. */
  clear(id?: string): number;
  list(): readonly ArmedFault[];
  /** The fault of a kind that harms this request, counted as met; undefined when none does. */
  take<K extends Fault['kind']>(
    kind: K,
    operationId: string | null,
    applies?: (fault: FaultOf<K>) => boolean,
  ): ArmedFault<K> | undefined;
}

interface Armed {
  readonly id: string;
  readonly fault: Fault;
  readonly expiresAt: number;
  met: number;
}

/** The faults of one workspace. A spent or expired fault is gone, never merely inactive. */
export function createFaultBoard(now: () => number): FaultBoard {
  let armed: Armed[] = [];
  let nextId = 1;

  const isOver = ({ fault, met, expiresAt }: Armed) =>
    now() >= expiresAt || (fault.times !== undefined && met >= (fault.skip ?? 0) + fault.times);

  return {
    add(fault) {
      const id = `fault-${nextId++}`;
      armed.push({
        id,
        fault,
        met: 0,
        expiresAt: fault.durationMs === undefined ? Infinity : now() + fault.durationMs,
      });
      return id;
    },
    clear(id) {
      const kept = id === undefined ? [] : armed.filter((one) => one.id !== id);
      const removed = armed.length - kept.length;
      armed = kept;
      return removed;
    },
    list() {
      armed = armed.filter((one) => !isOver(one));
      return armed;
    },
    take<K extends Fault['kind']>(kind: K, operationId: string | null, applies?: (fault: FaultOf<K>) => boolean) {
      armed = armed.filter((one) => !isOver(one));
      for (const one of armed) {
        if (one.fault.kind !== kind || !isAbout(one.fault, operationId)) continue;
        const fault = one.fault as FaultOf<K>;
        if (applies !== undefined && !applies(fault)) continue;
        one.met += 1;
        if (one.met > (fault.skip ?? 0)) return { id: one.id, fault, met: one.met };
      }
      return undefined;
    },
  };
}

function isAbout(fault: Fault, operationId: string | null): boolean {
  return fault.operationId === undefined || fault.operationId === operationId;
}
