import { isRow } from '../../api/rows.ts';
import type { EntityType, Row, World } from '../../world/types.ts';

/** What a body is built from besides the row it speaks of. */
export interface PayloadContext {
  readonly world: World;
  /** Epoch milliseconds of the change. */
  readonly nowMs: number;
  /** The row as it was, for a body that tells of it. */
  readonly before?: Row | undefined;
}

export type PayloadBuilder = (row: Row, context: PayloadContext) => Row;

/** A copy with exactly these fields; null where the row has none. */
export function pick(row: Row, ...fields: readonly string[]): Row {
  return Object.fromEntries(fields.map((field) => [field, row[field] ?? null]));
}

/** A rate without its currency, as bodies show it. */
export function amountOf(rate: unknown): Row | null {
  return isRow(rate) ? pick(rate, 'amount') : null;
}

/** The row that an id in another row names; undefined without an id, and where the row is gone. */
export function related(world: World, entity: EntityType, id: unknown): Row | undefined {
  return typeof id === 'string' && id !== '' ? world.find(entity, id) : undefined;
}

/** The rows a field holds; none when it holds something else. */
export function rowsOf(row: Row, field: string): readonly Row[] {
  const value = row[field];
  return Array.isArray(value) ? value.filter(isRow) : [];
}
