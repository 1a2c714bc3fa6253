import type { Blueprint } from './blueprint.ts';
import { dayMs, europeanSummer, fromWallClock, hourMs, minuteMs, weekMs } from './calendar.ts';
import { times } from './collection.ts';

export interface Span {
  readonly start: number;
  readonly end: number;
}

/** The week in which the owner worked past midnight. */
const nightWeek = 10;
const workdays = 5;

/** The spans of one user's week, oldest first, spread over the working days of the user's zone without overlap. */
export function weekSpans(blueprint: Blueprint, userIndex: number, week: number, count: number): Span[] {
  const random = blueprint.random('week', userIndex, week);
  const zone = blueprint.zoneOf(userIndex);
  const monday = blueprint.start + week * weekMs;
  const perDay = Math.ceil(count / workdays);
  const slot = Math.floor((9 * hourMs) / Math.max(perDay, 1) / minuteMs) * minuteMs;
  const spans = times(count, (position) => {
    const day = monday + Math.floor((position * workdays) / count) * dayMs;
    const inDay = position - Math.ceil((Math.floor((position * workdays) / count) * count) / workdays);
    const start = fromWallClock(zone, day + 8 * hourMs + inDay * slot + random.int(0, 4) * minuteMs);
    const length = Math.max(minuteMs, Math.floor((slot - 5 * minuteMs) * (0.4 + random.next() * 0.6)));
    return { start, end: start + Math.floor(length / 1000) * 1000 };
  });
  const special = userIndex === 0 ? ownersLast(blueprint, week) : undefined;
  return special === undefined || count === 0 ? spans : [...spans.slice(0, -1), special];
}

/** The owner's last entry of some weeks runs over midnight, or over a change to or from summer time. */
function ownersLast(blueprint: Blueprint, week: number): Span | undefined {
  const monday = blueprint.start + week * weekMs;
  if (week === nightWeek) {
    const start = fromWallClock(blueprint.zoneOf(0), monday + 4 * dayMs + 23 * hourMs);
    return { start, end: start + 2.5 * hourMs };
  }
  const summer = europeanSummer(new Date(monday).getUTCFullYear());
  const change = [summer.start, summer.end].find((instant) => instant >= monday && instant < monday + weekMs);
  return change === undefined ? undefined : { start: change - 30 * minuteMs, end: change + 90 * minuteMs };
}
