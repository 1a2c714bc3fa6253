export const minuteMs = 60_000;
export const hourMs = 60 * minuteMs;
export const dayMs = 24 * hourMs;
export const weekMs = 7 * dayMs;

/** The whole weeks of history a world has: three years. */
export const historyWeeks = 156;

/** The zones of the users of a world: one of each rule for summer time. */
export const timeZones = ['Europe/Belgrade', 'America/New_York', 'Asia/Kolkata'] as const;
export type TimeZone = (typeof timeZones)[number];

/** Texts of the days met so far: worlds format millions of instants on a few thousand days. */
const dayTexts = new Map<number, string>();

/** The calendar day of an instant in UTC, as yyyy-MM-dd. */
export function formatDay(ms: number): string {
  const day = Math.floor(ms / dayMs);
  let text = dayTexts.get(day);
  if (text === undefined) {
    text = new Date(ms).toISOString().slice(0, 10);
    dayTexts.set(day, text);
  }
  return text;
}

/** An instant the way the platform writes it: to the second, with Z. */
export function formatInstant(ms: number): string {
  const seconds = Math.floor((ms - Math.floor(ms / dayMs) * dayMs) / 1000);
  return `${formatDay(ms)}T${two(seconds / 3600)}:${two((seconds / 60) % 60)}:${two(seconds % 60)}Z`;
}

function two(value: number): string {
  return String(Math.floor(value)).padStart(2, '0');
}

/** An ISO-8601 duration in hours, minutes and seconds. */
export function formatDuration(ms: number): string {
  const seconds = Math.round(ms / 1000);
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor((seconds % 3600) / 60), seconds % 60];
  if (seconds === 0) return 'PT0S';
  return `PT${h > 0 ? `${h}H` : ''}${m > 0 ? `${m}M` : ''}${s > 0 ? `${s}S` : ''}`;
}

/** Midnight UTC of the Monday on or before an instant. */
export function mondayOf(ms: number): number {
  const day = Math.floor(ms / dayMs) * dayMs;
  return day - ((new Date(day).getUTCDay() + 6) % 7) * dayMs;
}

/** Midnight UTC of the nth Sunday of a month (January is 0), counted from its first day, or the last one. */
function sundayOf(year: number, month: number, nth: number | 'last'): number {
  if (nth === 'last') {
    const end = Date.UTC(year, month + 1, 0);
    return end - new Date(end).getUTCDay() * dayMs;
  }
  const first = Date.UTC(year, month, 1);
  return first + (((7 - new Date(first).getUTCDay()) % 7) + (nth - 1) * 7) * dayMs;
}

interface SummerTime {
  readonly start: number;
  readonly end: number;
}

/** The instants between which the European Union keeps summer time: 01:00 UTC on the last Sundays of March and October. */
export function europeanSummer(year: number): SummerTime {
  return { start: sundayOf(year, 2, 'last') + hourMs, end: sundayOf(year, 9, 'last') + hourMs };
}

/** The same for New York: 02:00 local time on the second Sunday of March and the first one of November. */
function newYorkSummer(year: number): SummerTime {
  return { start: sundayOf(year, 2, 2) + 7 * hourMs, end: sundayOf(year, 10, 1) + 6 * hourMs };
}

/** Milliseconds to add to UTC for the wall clock of a zone. */
export function zoneOffset(zone: TimeZone, ms: number): number {
  if (zone === 'Asia/Kolkata') return 5.5 * hourMs;
  const year = new Date(ms).getUTCFullYear();
  const summer = zone === 'Europe/Belgrade' ? europeanSummer(year) : newYorkSummer(year);
  const isSummer = ms >= summer.start && ms < summer.end;
  return (zone === 'Europe/Belgrade' ? 1 : -5) * hourMs + (isSummer ? hourMs : 0);
}

/** A wall-clock time of a zone (given as if it were UTC) as an instant, summer time decided at that hour. */
export function fromWallClock(zone: TimeZone, wallMs: number): number {
  return wallMs - zoneOffset(zone, wallMs - zoneOffset(zone, wallMs));
}
