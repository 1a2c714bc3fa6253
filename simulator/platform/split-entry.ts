import { formatDuration, formatInstant } from '../world/calendar.ts';
import type { Row } from '../world/types.ts';

/** Cuts a time entry in the middle: the first half keeps its id, the second takes another and runs on if the entry ran. */
export function splitEntry(entry: Row, secondId: string, nowMs: number): readonly [first: Row, second: Row] {
  const { start, end } = entry['timeInterval'] as { start: string; end: string | null };
  const [from, until] = [Date.parse(start), end === null ? nowMs : Date.parse(end)];
  const middle = Math.floor((from + until) / 2000) * 1000;
  return [
    { ...entry, timeInterval: interval(from, middle) },
    { ...entry, id: secondId, timeInterval: interval(middle, end === null ? null : until) },
  ];
}

function interval(start: number, end: number | null): Row {
  return {
    start: formatInstant(start),
    end: end === null ? null : formatInstant(end),
    duration: end === null ? null : formatDuration(end - start),
  };
}
