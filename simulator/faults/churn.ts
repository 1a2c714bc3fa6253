import { mutateWorkspace } from '../platform/mutate.ts';
import type { Workspace } from '../platform/state.ts';
import { rowKey } from '../world/row-key.ts';
import { parentOf, type World } from '../world/types.ts';
import type { FaultOf } from './types.ts';

/** Inserts and removes rows in turn until the fault is spent or cleared; nested rows change below one parent after another. */
export function startChurn(workspace: Workspace, fault: FaultOf<'churn'>, now: () => number): void {
  let step = 0;
  const timer = setInterval(() => {
    if (workspace.faults.take('churn', null, (armed) => armed === fault) === undefined) {
      clearInterval(timer);
      return;
    }
    changeOne(workspace, fault, step++, now());
  }, 1_000 / fault.perSecond);
  timer.unref();
}

function changeOne(workspace: Workspace, fault: FaultOf<'churn'>, step: number, nowMs: number): void {
  const { entity } = fault;
  const parentId = fault.parentId ?? nextParent(workspace.world, fault, step);
  const target = { entity, ...(parentId !== undefined && { parentId }) };
  if (step % 2 === 0) {
    mutateWorkspace(workspace, { ...target, insert: 1 }, nowMs);
    return;
  }
  const rows = workspace.world.list(entity, parentId);
  const row = rows[(step * 7919) % Math.max(rows.length, 1)];
  if (row !== undefined) mutateWorkspace(workspace, { ...target, remove: [rowKey(entity, row, parentId)] }, nowMs);
}

/** Stays with a parent for an insert and the removal after it. */
function nextParent(world: World, { entity }: FaultOf<'churn'>, step: number): string | undefined {
  const parent = parentOf[entity];
  if (parent === null) return undefined;
  const parents = world.list(parent);
  const row = parents[Math.floor(step / 2) % Math.max(parents.length, 1)];
  return row === undefined ? undefined : String(row['id']);
}
