import { expect, test } from '@jest/globals';
import { bootstrapOptionsSchema } from '../../domain/bootstrap-options.ts';
import { readStartOptions, readText } from './start-options.ts';

function formOf(fields: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
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
  ['a scope that does not exist', { scope: 'all', timeEntries: 'on' }, { timeEntries: true }],
])('%s becomes options that the server accepts', (_case, fields, options) => {
  expect(readStartOptions(formOf(fields))).toEqual(options);
  expect(bootstrapOptionsSchema.safeParse(options).success).toBe(true);
});

test.each([
  [' month end ', 'month end'],
  ['', null],
  ['  ', null],
  [null, null],
])('the text %j is read as %j', (value, text) => {
  expect(readText(value)).toBe(text);
});
