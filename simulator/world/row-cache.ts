import type { Row } from './types.ts';

/** Lists that can be drawn again: beyond a number of rows the list unused for longest is forgotten. */
export interface RowCache {
  get(name: string): readonly Row[] | undefined;
  set(name: string, rows: readonly Row[]): void;
  delete(name: string): void;
}

export function createRowCache(maxRows: number): RowCache {
  const lists = new Map<string, readonly Row[]>();
  let held = 0;

  function drop(name: string): void {
    held -= lists.get(name)?.length ?? 0;
    lists.delete(name);
  }

  return {
    get(name) {
      const rows = lists.get(name);
      if (rows === undefined) return undefined;
      lists.delete(name);
      lists.set(name, rows);
      return rows;
    },
    set(name, rows) {
      drop(name);
      lists.set(name, rows);
      held += rows.length;
      for (const oldest of lists.keys()) {
        if (held <= maxRows || oldest === name) return;
        drop(oldest);
      }
    },
    delete: drop,
  };
}
