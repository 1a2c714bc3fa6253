import { describe, expect, it, test } from '@jest/globals';
import { createFormatter, formatDuration } from './format.ts';

const format = createFormatter('EN');

describe('a duration', () => {
  it.each([
    [0, '0 s'],
    [0.2, '1 s'],
    [59, '59 s'],
    [59.4, '1 min'],
    [60, '1 min'],
    [200, '3 min 20 s'],
    [3599, '59 min 59 s'],
    [3600, '1 h'],
    [3601, '1 h 1 min'],
    [7500, '2 h 5 min'],
    [7199, '2 h'],
    [180_000, '50 h'],
  ])('of %d seconds reads %j', (seconds, words) => {
    expect(formatDuration(seconds)).toBe(words);
  });

  it('is a dash while it is not known', () => {
    expect(format.duration(null)).toBe('–');
  });
});

describe('a rate', () => {
  it.each([
    [null, '–'],
    [0, '0'],
    [2.46, '2.5'],
    [42.4, '42'],
    [2480.4, '2,480'],
  ])('of %p a second reads %j', (rate, words) => {
    expect(format.rate(rate)).toBe(words);
  });
});

describe('a number of rows', () => {
  it.each([
    [0, null, '0'],
    [1800, null, '1,800'],
    [0, 0, '0 of 0'],
    [1200, 1800, '1,200 of 1,800'],
  ])('%d of %p reads %j', (rows, expected, words) => {
    expect(format.rows(rows, expected)).toBe(words);
  });
});

describe('a time', () => {
  it('names the day and the hour', () => {
    expect(format.time('2026-11-21T12:30:00')).toMatch(/Nov 21, 2026, 12:30.PM/);
  });

  it('is a dash while there is none', () => {
    expect(format.time(null)).toBe('–');
  });

  it('of today is the hour alone', () => {
    expect(format.clock('2026-11-21T12:30:05')).toMatch(/^12:30:05.PM$/);
  });
});

describe('a share', () => {
  it.each([
    [0, '0%'],
    [0.554, '55%'],
    [0.9999, '99%'],
    [1, '100%'],
  ])('of %d reads %j', (fraction, words) => {
    expect(format.percent(fraction)).toBe(words);
  });
});

describe('how long ago something was', () => {
  const now = Date.parse('2026-11-21T12:00:00Z');

  it.each([
    ['2026-11-21T12:00:30Z', 'this minute'],
    ['2026-11-21T11:59:30Z', 'this minute'],
    ['2026-11-21T11:58:00Z', '2 min. ago'],
    ['2026-11-21T11:00:00Z', '1 hr. ago'],
    ['2026-11-20T12:00:01Z', '23 hr. ago'],
    ['2026-11-20T12:00:00Z', 'yesterday'],
    ['2026-11-14T11:00:00Z', '7 days ago'],
  ])('at %s reads %j', (time, words) => {
    expect(format.ago(time, now)).toBe(words);
  });
});

test.each([
  [0, '0 pages'],
  [1, '1 page'],
  [1200, '1,200 pages'],
])('%d pages read %j', (pages, words) => {
  expect(format.pages(pages)).toBe(words);
});

describe('the language of the viewer', () => {
  it.each([
    ['EN', '1,234,567'],
    ['DE', '1.234.567'],
    [null, '1,234,567'],
    ['not a language', '1,234,567'],
    ['', '1,234,567'],
  ])('%p writes a count as %s', (language, words) => {
    expect(createFormatter(language).count(1_234_567)).toBe(words);
  });
});
