import { expect, test } from '@jest/globals';
import { formatNumber, formatSeconds, formatTable } from './text-table.ts';

test('columns are aligned, numbers to the right, and lines end without blanks', () => {
  const rows = [
    ['entity', 'rows', 'note'],
    ['tags', '7', ''],
    ['time_entries', '1,000', 'yes'],
  ];
  expect(formatTable(rows, [1])).toEqual([
    'entity         rows  note',
    'tags              7',
    'time_entries  1,000  yes',
  ]);
});

test('no rows are no lines', () => {
  expect(formatTable([])).toEqual([]);
});

test.each([
  [0.4, '0 s'],
  [59.4, '59 s'],
  [59.6, '1 min 0 s'],
  [135, '2 min 15 s'],
])('%d seconds are %s', (seconds, text) => {
  expect(formatSeconds(seconds)).toBe(text);
});

test('numbers have separators', () => {
  expect(formatNumber(1234567)).toBe('1,234,567');
});
