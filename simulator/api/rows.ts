import type { EntityType, Row } from '../world/types.ts';
import type { Context } from './context.ts';
import { notInWorkspace } from './reply.ts';

type Rows = (context: Context) => readonly Row[];

/** All rows of a collection that stands below the workspace. */
export function all(entity: EntityType): Rows {
  return ({ world }) => world.list(entity);
}

/** The rows below one parent; a parent that is not there is 400 code 501. */
export function below(entity: EntityType, parent: EntityType, param: string): Rows {
  return (context) => {
    const parentId = String(findOne(parent, param)(context)['id']);
    return context.world.list(entity, parentId);
  };
}

/** The row a path parameter names; one that is not there is 400 code 501. */
export function findOne(entity: EntityType, param: string): (context: Context) => Row {
  return ({ world, params }) => {
    const row = world.find(entity, params[param] ?? '');
    if (row === undefined) throw notInWorkspace(`${entity} ${params[param] ?? ''}`);
    return row;
  };
}

/** The value at a dotted path. */
export function valueAt(row: Row, path: string): unknown {
  return path.split('.').reduce<unknown>((value, name) => (isRow(value) ? value[name] : undefined), row);
}

/** The text at a dotted path; empty when there is none. */
export function textAt(row: Row, path: string): string {
  const value = valueAt(row, path);
  return typeof value === 'string' ? value : '';
}

export function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null;
}

/** A copy without some fields. */
export function without(row: Row, ...fields: readonly string[]): Row {
  return Object.fromEntries(Object.entries(row).filter(([field]) => !fields.includes(field)));
}

export function bodyField({ body }: Context, name: string): unknown {
  return isRow(body) ? body[name] : undefined;
}
