import { isRow } from '../api/rows.ts';
import type { Shape } from './webhook-shapes.ts';

const patterns = {
  instant: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/,
  local: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/,
  duration: /^PT(\d+H)?(\d+M)?(\d+S)?$/,
} as const;
const idPattern = /^[\da-f]{24}$/;

/** The paths at which a value has not exactly the fields of a shape, or another kind of value; none for a match. */
export function mismatches(value: unknown, shape: Shape, path = 'body'): readonly string[] {
  if (typeof shape === 'string') return fits(value, shape) ? [] : [`${path}: ${JSON.stringify(value)}`];
  if (value === null) return [];
  if (isList(shape)) {
    if (!Array.isArray(value)) return [`${path}: no list`];
    return value.flatMap((item, index) => mismatches(item, shape[0], `${path}[${index}]`));
  }
  if (!isRow(value)) return [`${path}: no object`];
  const names = new Set([...Object.keys(shape), ...Object.keys(value)]);
  return [...names].flatMap((name) => {
    const inner = shape[name];
    if (inner === undefined || !(name in value))
      return [`${path}.${name}: ${inner === undefined ? 'unknown' : 'missing'}`];
    return mismatches(value[name], inner, `${path}.${name}`);
  });
}

function isList(shape: Exclude<Shape, string>): shape is readonly [Shape] {
  return Array.isArray(shape);
}

function fits(value: unknown, kind: Extract<Shape, string>): boolean {
  if (kind === 'any') return true;
  if (kind === 'id') return typeof value === 'string' && idPattern.test(value);
  if (value === null) return true;
  switch (kind) {
    case 'id?':
      return typeof value === 'string' && (value === '' || idPattern.test(value));
    case 'text':
      return typeof value === 'string';
    case 'number':
      return typeof value === 'number';
    case 'flag':
      return typeof value === 'boolean';
    case 'null':
      return false;
    default:
      return typeof value === 'string' && patterns[kind].test(value);
  }
}
