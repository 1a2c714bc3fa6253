import { freshIndex, type Blueprint } from './blueprint.ts';
import type { Collection, Parent } from './collection.ts';
import type { IdKind } from './identifiers.ts';
import { createRowCache } from './row-cache.ts';
import { ownId, rowKey } from './row-key.ts';
import { rowDigest, truthOf } from './truth.ts';
import { parentOf, type EntityType, type Row, type Truth } from './types.ts';

/** About 150 MB of time entries: every list of the smaller profiles, and those in use of the larger ones. */
const maxDrawnRows = 150_000;

const entities = Object.keys(parentOf) as EntityType[];
const parentFields: Partial<Record<EntityType, string>> = {
  tasks: 'projectId',
  time_entries: 'userId',
  time_off_balances: 'policyId',
  invoice_details: 'id',
};

/** The live rows of a world: drawn when first asked for, kept once changed. */
export interface Store {
  readonly list: (entity: EntityType, parentId?: string) => readonly Row[];
  readonly find: (entity: EntityType, key: string) => Row | undefined;
  readonly insert: (entity: EntityType, row: Row, parentId?: string) => void;
  readonly remove: (entity: EntityType, key: string) => boolean;
  /** The named parent, or the first one; undefined for collections without one. */
  readonly parentFor: (entity: EntityType, parentId: string | undefined) => Parent | undefined;
  readonly truth: (entity: EntityType) => Truth;
}

export function createStore(blueprint: Blueprint, collections: Readonly<Record<EntityType, Collection>>): Store {
  /** Top lists and changed nested ones, by entity and parent; a top list has the empty parent. */
  const kept = new Map<string, readonly Row[]>();
  const drawn = createRowCache(maxDrawnRows);
  const indexes = new WeakMap<readonly Row[], ReadonlyMap<string, Row>>();
  const lines = new Map<string, readonly string[]>();
  const truths = new Map<EntityType, Truth>();
  /** Of rows in kept lists, so that a change costs one row and not the list. */
  const digests = new WeakMap<Row, string>();
  /** The parents of inserted nested rows; other ids tell theirs. */
  const homes = new Map<string, string>();

  function list(entity: EntityType, parentId = ''): readonly Row[] {
    const name = `${entity}/${parentId}`;
    const known = kept.get(name) ?? drawn.get(name);
    if (known !== undefined) return known;
    if (parentOf[entity] === null) return keep(name, collections[entity].initial(undefined));
    const parent = parentFor(entity, parentId);
    if (parent === undefined) return [];
    const rows = collections[entity].initial(parent);
    drawn.set(name, rows);
    return rows;
  }

  function keep(name: string, rows: readonly Row[]): readonly Row[] {
    kept.set(name, rows);
    return rows;
  }

  function parentFor(entity: EntityType, parentId: string | undefined): Parent | undefined {
    const parentEntity = parentOf[entity];
    if (parentEntity === null) return undefined;
    const id = parentId ?? ownId(parentEntity, list(parentEntity)[0] ?? {}) ?? '';
    const row = find(parentEntity, id);
    const parts = blueprint.parseId(id);
    if (row === undefined) return undefined;
    const isInitial = parts?.kind === parentEntity && parts.index < freshIndex;
    return { row, id, index: parts?.index ?? 0, isInitial };
  }

  function keyOf(entity: EntityType, row: Row, parentId: string): string {
    return rowKey(entity, row, parentId === '' ? blueprint.workspaceId : parentId);
  }

  /** The list that holds a key, if any does; empty for a top list. */
  function homeOf(entity: EntityType, key: string): string | undefined {
    const parentEntity = parentOf[entity];
    if (parentEntity === null) return '';
    const home = homes.get(`${entity}/${key}`);
    if (home !== undefined) return home;
    if (collections[entity].isDerived) return key;
    if (key.includes(':')) return key.slice(0, key.indexOf(':'));
    const parts = blueprint.parseId(key);
    return parts?.kind === entity ? blueprint.id(parentEntity as IdKind, parts.parentIndex) : undefined;
  }

  function indexOf(entity: EntityType, parentId: string): ReadonlyMap<string, Row> {
    const rows = list(entity, parentId);
    let index = indexes.get(rows);
    if (index === undefined) {
      index = new Map(rows.map((row) => [keyOf(entity, row, parentId), row]));
      indexes.set(rows, index);
    }
    return index;
  }

  function find(entity: EntityType, key: string): Row | undefined {
    const home = homeOf(entity, key);
    return home === undefined ? undefined : indexOf(entity, home).get(key);
  }

  function replace(entity: EntityType, parentId: string, rows: readonly Row[]): void {
    forget(entity, parentId);
    keep(`${entity}/${parentId}`, rows);
  }

  function forget(entity: EntityType, parentId: string): void {
    const name = `${entity}/${parentId}`;
    kept.delete(name);
    drawn.delete(name);
    lines.delete(name);
    truths.delete(entity);
  }

  function without(entity: EntityType, key: string): boolean {
    const home = homeOf(entity, key);
    const row = home === undefined ? undefined : indexOf(entity, home).get(key);
    if (home === undefined || row === undefined) return false;
    const rows = list(entity, home);
    replace(
      entity,
      home,
      rows.filter((each) => each !== row),
    );
    return true;
  }

  function insert(entity: EntityType, row: Row, parentId?: string): void {
    const home = addressOf(entity, row, parentId);
    const key = keyOf(entity, row, home);
    without(entity, key);
    if (home !== '') homes.set(`${entity}/${key}`, home);
    const rows = list(entity, home);
    replace(entity, home, rows.toSpliced(positionOf(entity, row, rows), 0, row));
    for (const child of childrenOf(entity)) if (collections[child].isDerived) refresh(child, key);
  }

  function addressOf(entity: EntityType, row: Row, parentId: string | undefined): string {
    const parentEntity = parentOf[entity];
    if (parentEntity === null) return '';
    const id = parentId ?? row[parentFields[entity] ?? ''];
    if (typeof id === 'string' && find(parentEntity, id) !== undefined) return id;
    throw new Error(`A row of ${entity} needs an existing parent of ${parentEntity}.`);
  }

  /** A derived row that was changed by itself stays. */
  function refresh(entity: EntityType, parentId: string): void {
    if ((kept.get(`${entity}/${parentId}`)?.length ?? 0) === 0) forget(entity, parentId);
  }

  function remove(entity: EntityType, key: string): boolean {
    if (!without(entity, key)) return false;
    for (const child of childrenOf(entity)) replace(child, key, []);
    return true;
  }

  function linesOf(entity: EntityType, parentId = ''): readonly string[] {
    const name = `${entity}/${parentId}`;
    let known = lines.get(name);
    if (known === undefined) {
      const rows = list(entity, parentId);
      const digestOf = kept.has(name) ? keptDigest : rowDigest;
      known = rows.map((row) => `${keyOf(entity, row, parentId)}:${digestOf(row)}`);
      lines.set(name, known);
    }
    return known;
  }

  function keptDigest(row: Row): string {
    const digest = digests.get(row) ?? rowDigest(row);
    digests.set(row, digest);
    return digest;
  }

  function truth(entity: EntityType): Truth {
    const known = truths.get(entity);
    if (known !== undefined) return known;
    const parentEntity = parentOf[entity];
    const all =
      parentEntity === null
        ? [...linesOf(entity)]
        : list(parentEntity).flatMap((row) => linesOf(entity, ownId(parentEntity, row)));
    const made = truthOf(all);
    truths.set(entity, made);
    return made;
  }

  return { list, find, insert, remove, parentFor, truth };
}

function childrenOf(entity: EntityType): readonly EntityType[] {
  return entities.filter((each) => parentOf[each] === entity);
}

/** Where a row belongs in its list, found by halving. */
function positionOf(entity: EntityType, row: Row, rows: readonly Row[]): number {
  const comesBefore = entity === 'time_entries' ? isNewer : hasSmallerId(entity);
  let [low, high] = [0, rows.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (comesBefore(rows[middle] ?? {}, row)) low = middle + 1;
    else high = middle;
  }
  return low;
}

function isNewer(left: Row, right: Row): boolean {
  const place = (row: Row) => `${String((row['timeInterval'] as Row)['start'])} ${String(row['id'])}`;
  return place(left) > place(right);
}

function hasSmallerId(entity: EntityType): (left: Row, right: Row) => boolean {
  return (left, right) => (ownId(entity, left) ?? '') < (ownId(entity, right) ?? '');
}
