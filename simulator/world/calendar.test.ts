import { describe, expect, it, test } from '@jest/globals';
import {
  dayMs,
  formatDay,
  formatDuration,
  formatInstant,
  fromWallClock,
  hourMs,
  minuteMs,
  mondayOf,
  timeZones,
  zoneOffset,
  type TimeZone,
} from './calendar.ts';

describe('instants', () => {
  test('agree with the runtime, before 1970 as well', () => {
    for (let ms = -3 * dayMs; ms < 3 * dayMs; ms += 7 * hourMs + 61_234) {
      expect(formatInstant(ms)).toBe(`${new Date(ms).toISOString().slice(0, 19)}Z`);
    }
  });

  test('are written to the second with Z', () => {
    expect(formatInstant(Date.parse('2026-03-29T01:00:00.999Z'))).toBe('2026-03-29T01:00:00Z');
  });

  test('have a day in UTC', () => {
    expect(formatDay(Date.parse('2026-12-31T23:59:59Z'))).toBe('2026-12-31');
  });
});

describe('durations', () => {
  it.each([
    [0, 'PT0S'],
    [1_000, 'PT1S'],
    [60_000, 'PT1M'],
    [hourMs, 'PT1H'],
    [2.5 * hourMs, 'PT2H30M'],
    [26 * hourMs + 61_000, 'PT26H1M1S'],
  ])('%d ms is %s', (ms, text) => {
    expect(formatDuration(ms)).toBe(text);
  });
});

describe('the Monday of', () => {
  it.each([
    ['2026-11-16T00:00:00Z', '2026-11-16'],
    ['2026-11-21T10:00:00Z', '2026-11-16'],
    ['2026-11-22T23:59:59Z', '2026-11-16'],
    ['2024-02-29T12:00:00Z', '2024-02-26'],
    ['2027-01-01T00:00:00Z', '2026-12-28'],
  ])('%s is %s', (instant, monday) => {
    expect(formatInstant(mondayOf(Date.parse(instant)))).toBe(`${monday}T00:00:00Z`);
  });
});

/** The offset according to the time zone database of the runtime. */
function knownOffset(zone: TimeZone): (ms: number) => number {
  const format = new Intl.DateTimeFormat('en-US', { timeZone: zone, timeZoneName: 'longOffset' });
  return (ms) => {
    const [, sign, hours, minutes] = /GMT([+-])(\d+):(\d+)/.exec(format.format(ms)) ?? [];
    return (sign === '-' ? -1 : 1) * (Number(hours) * hourMs + Number(minutes) * minuteMs);
  };
}

/** Instants at which the zone differs from the time zone database. */
function wrongInstants(zone: TimeZone, from: string, until: string, step: number): string[] {
  const known = knownOffset(zone);
  const wrong: string[] = [];
  for (let ms = Date.parse(from); ms < Date.parse(until); ms += step) {
    if (zoneOffset(zone, ms) !== known(ms)) wrong.push(formatInstant(ms));
  }
  return wrong;
}

describe.each(timeZones)('the offset of %s', (zone) => {
  it('agrees with the time zone database through ten years', () => {
    expect(wrongInstants(zone, '2020-01-01', '2030-01-01', 3 * dayMs + hourMs)).toEqual([]);
  });

  it.each([
    ['2026-03-07', '2026-03-10'],
    ['2026-03-28', '2026-03-31'],
    ['2026-10-24', '2026-10-27'],
    ['2026-10-31', '2026-11-03'],
  ])('agrees at every half hour from %s to %s', (from, until) => {
    expect(wrongInstants(zone, from, until, hourMs / 2)).toEqual([]);
  });

  it('turns a wall clock back into its instant', () => {
    for (let ms = Date.UTC(2025, 0, 1, 9); ms < Date.UTC(2026, 0, 1); ms += dayMs) {
      expect(fromWallClock(zone, ms + zoneOffset(zone, ms))).toBe(ms);
    }
  });
});
