import { isRow } from '../api/rows.ts';
import type { Shape } from './shape.ts';

const idPattern = /^[\da-f]{24}$/;
const isLike = (pattern: RegExp) => (value: unknown) => typeof value === 'string' && pattern.test(value);

const checks: Readonly<Record<Extract<Shape, string>, (value: unknown) => boolean>> = {
  id: isLike(idPattern),
  'id?': (value) => value === null || value === '' || isLike(idPattern)(value),
  instant: (value) => value === null || isLike(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)(value),
  local: (value) => value === null || isLike(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d$/)(value),
  duration: (value) => value === null || isLike(/^PT(\d+H)?(\d+M)?(\d+S)?$/)(value),
  text: (value) => value === null || typeof value === 'string',
  number: (value) => value === null || typeof value === 'number',
  flag: (value) => value === null || typeof value === 'boolean',
  null: (value) => value === null,
  any: () => true,
};

/** The paths at which a value has not exactly the fields of a shape, or another kind of value; none for a match. */
export function mismatches(value: unknown, shape: Shape, path = 'body'): readonly string[] {
  if (typeof shape === 'string') return checks[shape](value) ? [] : [`${path}: ${JSON.stringify(value)}`];
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
