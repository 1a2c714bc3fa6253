import type { Blueprint } from './blueprint.ts';
import { historyWeeks } from './calendar.ts';
import { times } from './collection.ts';
import { distribute } from './random.ts';
import { userKind } from './users.ts';

/** Weeks of work of somebody who left. */
const weeksOfInactive = 104;
/** Users with lists of exactly one page of a usual size. */
const fixedSizes: Readonly<Record<number, number>> = { 3: 200, 5: 50, 6: 1_000 };

/** How many time entries each user has; they add up to the profile's number. */
export function entriesPerUser({ counts, random }: Blueprint): number[] {
  const draw = random('entries per user');
  const sizes = times(counts.users, (user) => (userKind(user) === 'invited' ? 0 : fixedSizes[user]));
  const rest = counts.time_entries - sizes.reduce<number>((sum, size) => sum + (size ?? 0), 0);
  const shares = distribute(
    rest,
    sizes.map((size) => (size === undefined ? 0.5 + draw.next() : 0)),
  );
  return sizes.map((size, user) => size ?? shares[user] ?? 0);
}

/** Whether a user's newest entry is a timer that still runs. */
export function hasRunningTimer(userIndex: number): boolean {
  const kind = userKind(userIndex);
  return userIndex % 7 === 0 && (kind === 'owner' || kind === 'member');
}

/** Positions, counted from the oldest, of a user's finished entries of one week. */
export function positionsInWeek(userIndex: number, total: number, week: number): { from: number; until: number } {
  const finished = hasRunningTimer(userIndex) ? Math.max(total - 1, 0) : total;
  const weeks = userKind(userIndex) === 'inactive' ? weeksOfInactive : historyWeeks;
  const at = (end: number) => Math.floor((Math.min(end, weeks) * finished) / weeks);
  return { from: at(week), until: at(week + 1) };
}
