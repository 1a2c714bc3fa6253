import { expect, test } from '@jest/globals';
import { bootstrapOptionsSchema } from '../../domain/bootstrap-options.ts';
import { readStartOptions } from './start-options.ts';

function formOf(fields: Record<string, string | string[]>): FormData {
  const form = new FormData();
  for (const [name, values] of Object.entries(fields)) {
    for (const value of [values].flat()) form.append(name, value);
  }
  return form;
}

test.each([
  ['an untouched form', { scope: 'standard', timeEntries: 'on' }, { scope: 'standard', timeEntries: true }],
  ['no time entries', { scope: 'core' }, { scope: 'core', timeEntries: false }],
  [
    'every field',
    { scope: 'everything', timeEntries: 'on', timeEntryDays: '90', requestsPerSecond: '12.5' },
    { scope: 'everything', timeEntries: true, timeEntryDays: 90, requestsPerSecond: 12.5 },
  ],
  ['days without time entries', { scope: 'standard', timeEntryDays: '90' }, { scope: 'standard', timeEntries: false }],
  [
    'blank numbers',
    { scope: 'standard', timeEntries: 'on', timeEntryDays: '', requestsPerSecond: ' ' },
    { scope: 'standard', timeEntries: true },
  ],
  ['chosen kinds', { scope: 'some', only: ['tags', 'tasks'] }, { only: ['tags', 'tasks'] }],
  ['chosen kinds without time entries', { scope: 'some', only: 'tags', timeEntryDays: '90' }, { only: ['tags'] }],
  [
    'chosen time entries',
    { scope: 'some', only: 'time_entries', timeEntryDays: '90', requestsPerSecond: '5' },
    { only: ['time_entries'], timeEntryDays: 90, requestsPerSecond: 5 },
  ],
  ['a kind that does not exist', { scope: 'some', only: ['tags', 'toString'] }, { only: ['tags'] }],
  ['a scope that does not exist', { scope: 'all', timeEntries: 'on' }, { timeEntries: true }],
])('%s becomes options that the server accepts', (_case, fields, options) => {
  expect(readStartOptions(formOf(fields))).toEqual(options);
  expect(bootstrapOptionsSchema.safeParse(options).success).toBe(true);
});

test('a choice of kinds without a kind is no run', () => {
  expect(readStartOptions(formOf({ scope: 'some', requestsPerSecond: '5' }))).toBeNull();
});
