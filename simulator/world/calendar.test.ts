import { describe, expect, it, test } from '@jest/globals';
import {
  dayMs,
  formatDay,
  formatDuration,
  formatInstant,
  fromWallClock,
  hourMs,
  mondayOf,
  timeZones,
  zoneOffset,
  type TimeZone,
} from './calendar.ts';

describe('instants', () => {
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
function knownOffset(zone: TimeZone, ms: number): number {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  }).formatToParts(ms);
  const part = (type: string) => Number(parts.find((each) => each.type === type)?.value);
  return Date.UTC(part('year'), part('month') - 1, part('day'), part('hour'), part('minute'), part('second')) - ms;
}

describe.each(timeZones)('the offset of %s', (zone) => {
  it('agrees with the time zone database through ten years', () => {
    for (let ms = Date.UTC(2020, 0, 1); ms < Date.UTC(2030, 0, 1); ms += 3 * dayMs + hourMs) {
      expect(zoneOffset(zone, ms)).toBe(knownOffset(zone, ms));
    }
  });

  it.each(['2026-03-08', '2026-03-29', '2026-10-25', '2026-11-01'])('agrees at every half hour of %s', (day) => {
    const midnight = Date.parse(`${day}T00:00:00Z`);
    for (let step = 0; step < 48; step += 1) {
      const ms = midnight + (step * hourMs) / 2;
      expect(zoneOffset(zone, ms)).toBe(knownOffset(zone, ms));
    }
  });

  it('turns a wall clock back into its instant', () => {
    for (let ms = Date.UTC(2025, 0, 1, 9); ms < Date.UTC(2026, 0, 1); ms += dayMs) {
      expect(fromWallClock(zone, ms + zoneOffset(zone, ms))).toBe(ms);
    }
  });
});
