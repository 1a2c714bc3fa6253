import type { Row } from '../world/types.ts';
import type { Context, Filter } from './context.ts';
import { textAt, valueAt } from './rows.ts';
import { wallClock } from './wall-clock.ts';

/** `?x=true` keeps rows whose field is true, `?x=false` the others. */
export function flag(field: string): Filter {
  return (row, value) => (row[field] === true) === (value === 'true');
}

/** Keeps rows whose value is one of those sent; `ALL` keeps everything. */
export function oneOf(path: string): Filter {
  return (row, value) => {
    const wanted = value.split(',');
    return wanted.includes('ALL') || wanted.includes(String(valueAt(row, path)));
  };
}

/** Like `oneOf`, turned round when the caller sends `false` for the `contains` parameter. */
export function oneOfUnless(path: string, contains: string): Filter {
  const isOne = oneOf(path);
  return (row, value, context) => isOne(row, value, context) !== (context.query.get(contains) === 'false');
}

/** Keeps rows whose text contains the value, or equals it under `strict-name-search=true`. */
export function text(field: string): Filter {
  return (row, value, { query }) => {
    const found = textAt(row, field).toLowerCase();
    const wanted = value.toLowerCase();
    return query.get('strict-name-search') === 'true' ? found === wanted : found.includes(wanted);
  };
}

/** Keeps rows whose list holds one of the values sent. */
export function listHas(field: string): Filter {
  return (row, value) => {
    const list = row[field];
    return Array.isArray(list) && value.split(',').some((wanted) => list.includes(wanted));
  };
}

/** Keeps rows with a membership of one of the targets or users sent. */
export function memberOf(field: 'targetId' | 'userId'): Filter {
  return (row, value) => {
    const memberships = row['memberships'];
    if (!Array.isArray(memberships)) return false;
    return memberships.some((membership: Row) => value.split(',').includes(String(membership[field])));
  };
}

export function isPresent(field: string): Filter {
  return (row, value) => value !== 'true' || (row[field] ?? null) !== null;
}

/** Bounds of time entries are read as wall clock in the user's time zone, not as instants. */
export function startsAtOrAfter(row: Row, value: string, context: Context): boolean {
  return entryWallClock(row, context) >= value.slice(0, 19);
}

export function startsAtOrBefore(row: Row, value: string, context: Context): boolean {
  return entryWallClock(row, context) <= value.slice(0, 19);
}

function entryWallClock(row: Row, { world, params }: Context): string {
  const user = world.find('users', params['userId'] ?? '');
  const timeZone = user === undefined ? undefined : valueAt(user, 'settings.timeZone');
  return wallClock(textAt(row, 'timeInterval.start'), typeof timeZone === 'string' ? timeZone : 'UTC');
}
