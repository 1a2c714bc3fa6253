import { rowKey } from '../world/row-key.ts';
import { parentOf, type EntityType, type Row } from '../world/types.ts';
import type { Workspace } from './state.ts';

/** What to do to one collection; nested ones need the parent for inserts and updates. */
export interface Mutation {
  readonly entity: EntityType;
  readonly parentId?: string;
  /** Number of fresh rows. */
  readonly insert?: number;
  readonly update?: readonly { readonly key: string; readonly fields: Row }[];
  readonly remove?: readonly string[];
}

/** Keys touched; keys that were not there are left out. */
export interface MutationResult {
  readonly inserted: readonly string[];
  readonly updated: readonly string[];
  readonly removed: readonly string[];
}

/** Changes a workspace as its members would, and notes it for the entity feeds. */
export function mutateWorkspace(workspace: Workspace, mutation: Mutation, nowMs: number): MutationResult {
  const { entity, parentId } = mutation;
  if (!(entity in parentOf)) throw new Error(`unknown entity ${String(entity)}`);
  const inserted = Array.from({ length: mutation.insert ?? 0 }, () => {
    const row = workspace.world.make(entity, parentId);
    return put(workspace, 'created', mutation, row, nowMs);
  });
  const updated = (mutation.update ?? []).flatMap(({ key, fields }) => {
    const row = workspace.world.find(entity, key);
    return row === undefined ? [] : [put(workspace, 'updated', mutation, { ...row, ...fields }, nowMs)];
  });
  const removed = (mutation.remove ?? []).filter((key) => {
    const row = workspace.world.find(entity, key);
    if (row === undefined) return false;
    workspace.changes.add({ at: nowMs, kind: 'deleted', entity, key, row });
    return workspace.world.remove(entity, key);
  });
  return { inserted, updated, removed };
}

function put(workspace: Workspace, kind: 'created' | 'updated', mutation: Mutation, row: Row, nowMs: number): string {
  const { entity, parentId } = mutation;
  const key = rowKey(entity, row, parentId);
  workspace.world.insert(entity, row, parentId);
  workspace.changes.add({ at: nowMs, kind, entity, key, row });
  return key;
}
