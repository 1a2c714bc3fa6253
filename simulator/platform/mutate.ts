import { rowKey } from '../world/row-key.ts';
import { parentOf, type EntityType, type Row } from '../world/types.ts';
import type { Change } from './change-log.ts';
import { splitEntry } from './split-entry.ts';
import type { Workspace } from './state.ts';

/** What to do to one collection; nested ones need the parent for inserts and updates. */
export interface Mutation {
  readonly entity: EntityType;
  readonly parentId?: string;
  /** Number of fresh rows. */
  readonly insert?: number;
  /** In place of what fresh rows would have. */
  readonly fields?: Row;
  readonly update?: readonly { readonly key: string; readonly fields: Row }[];
  readonly remove?: readonly string[];
  /** Removed rows that come back. */
  readonly restore?: readonly string[];
  /** Time entries that are cut in two. */
  readonly split?: readonly string[];
}

/** Keys touched; keys that were not there are left out. */
export interface MutationResult {
  readonly inserted: readonly string[];
  readonly updated: readonly string[];
  readonly removed: readonly string[];
}

/** Stores a row, notes how it came to be and answers its key. */
type Put = (row: Row, change: Pick<Change, 'kind' | 'before' | 'cause'>) => string;

/** Changes a workspace as its members would, notes it for the entity feeds and fires its webhooks. */
export function mutateWorkspace(workspace: Workspace, mutation: Mutation, nowMs: number): MutationResult {
  const { entity, parentId } = mutation;
  const { world } = workspace;
  if (!(entity in parentOf)) throw new Error(`unknown entity ${String(entity)}`);
  const note = (change: Omit<Change, 'at' | 'entity'>) => {
    workspace.changes.add({ at: nowMs, entity, ...change });
    workspace.webhooks.announce({ at: nowMs, entity, ...change });
  };
  const put: Put = (row, change) => {
    const key = rowKey(entity, row, parentId);
    world.insert(entity, row, parentId);
    note({ key, row, ...change });
    return key;
  };

  const inserted = Array.from({ length: mutation.insert ?? 0 }, () =>
    put({ ...world.make(entity, parentId), ...mutation.fields }, { kind: 'created' }),
  );
  const updated = (mutation.update ?? []).flatMap(({ key, fields }) => {
    const before = world.find(entity, key);
    return before === undefined ? [] : [put({ ...before, ...fields }, { kind: 'updated', before })];
  });
  const removed = (mutation.remove ?? []).filter((key) => {
    const row = world.find(entity, key);
    if (row === undefined) return false;
    // Told before it is done, while what the row names is still there.
    note({ kind: 'deleted', key, row });
    return world.remove(entity, key);
  });
  const restored = restoreRows(workspace, mutation, put);
  const halves = splitEntries(workspace, mutation, put, nowMs);
  return {
    inserted: [...inserted, ...restored, ...halves.map(([, second]) => second)],
    updated: [...updated, ...halves.map(([first]) => first)],
    removed,
  };
}

function restoreRows({ world, changes }: Workspace, { entity, restore = [] }: Mutation, put: Put): string[] {
  return restore.flatMap((key) => {
    const row = world.find(entity, key) === undefined ? changes.findDeleted(entity, key) : undefined;
    return row === undefined ? [] : [put(row, { kind: 'created', cause: 'restore' })];
  });
}

/** The keys of both halves of each entry. */
function splitEntries({ world }: Workspace, { entity, split = [] }: Mutation, put: Put, nowMs: number) {
  if (entity !== 'time_entries') return [];
  return split.flatMap((key) => {
    const before = world.find(entity, key);
    if (before === undefined) return [];
    const fresh = String(world.make(entity, String(before['userId']))['id']);
    const [first, second] = splitEntry(before, fresh, nowMs);
    const firstKey = put(first, { kind: 'updated', before, cause: 'split' });
    return [[firstKey, put(second, { kind: 'created', cause: 'split' })] as const];
  });
}
