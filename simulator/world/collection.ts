import type { Row } from './types.ts';

/** The row above a nested collection. */
export interface Parent {
  readonly row: Row;
  readonly id: string;
  /** Its position, as its id tells; a row of other origin counts as 0. */
  readonly index: number;
  /** False for a parent that was inserted later: it starts without nested rows. */
  readonly isInitial: boolean;
}

/** How the rows of one collection come to be. */
export interface Collection {
  /** The rows at the beginning, in the order of the list; those of one parent for a nested collection. */
  initial(parent: Parent | undefined): readonly Row[];
  /** A new row that belongs to nobody yet; its index is `freshIndex` or above. */
  fresh(index: number, parent: Parent | undefined): Row;
  /** One row per parent, which follows the parent's own changes until it is changed itself. */
  readonly isDerived?: true;
}

/** The first `count` results of a function of the position. */
export function times<T>(count: number, build: (index: number) => T): T[] {
  return Array.from({ length: count }, (_, index) => build(index));
}

/** A collection without a parent; `rows` in the order of their positions. */
export function topCollection(rows: () => readonly Row[], build: (index: number) => Row): Collection {
  return { initial: rows, fresh: build };
}

/** The same, with every row a function of its position. */
export function countedCollection(count: number, build: (index: number) => Row): Collection {
  return topCollection(() => times(count, build), build);
}

/** Rows below a parent, drawn from its position alone, so that later changes of the parent do not change them. */
export function nestedCollection(
  rows: (parentIndex: number) => readonly Row[],
  build: (index: number, parent: Parent) => Row,
): Collection {
  return {
    initial: (parent) => (parent?.isInitial ? rows(parent.index) : []),
    fresh: (index, parent) => build(index, known(parent)),
  };
}

/** Exactly one row per parent, computed from the parent's row. */
export function derivedCollection(build: (parent: Parent) => Row): Collection {
  return {
    isDerived: true,
    initial: (parent) => [build(known(parent))],
    fresh: (_, parent) => build(known(parent)),
  };
}

function known(parent: Parent | undefined): Parent {
  if (parent === undefined) throw new Error('This collection is nested: name an existing parent.');
  return parent;
}

/** Remembers the answer of the first call. */
export function once<T>(make: () => T): () => T {
  let made: { value: T } | undefined;
  return () => (made ??= { value: make() }).value;
}
