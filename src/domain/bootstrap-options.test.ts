import { expect, test } from '@jest/globals';
import { bootstrapOptionsSchema } from './bootstrap-options.ts';

test('nothing said means the standard scope with all time entries', () => {
  expect(bootstrapOptionsSchema.parse({})).toEqual({ scope: 'standard', timeEntries: true });
});

test('what is said is kept', () => {
  const options = { scope: 'core', timeEntries: false, timeEntryDays: 90, requestsPerSecond: 10, only: ['tags'] };
  expect(bootstrapOptionsSchema.parse(options)).toEqual(options);
});

test.each<[string, unknown]>([
  ['an unknown scope', { scope: 'all' }],
  ['an unknown member', { scopes: 'core' }],
  ['a word for yes', { timeEntries: 'yes' }],
  ['no days', { timeEntryDays: 0 }],
  ['part of a day', { timeEntryDays: 1.5 }],
  ['more than a century', { timeEntryDays: 36_501 }],
  ['no requests', { requestsPerSecond: 0 }],
  ['more requests than the platform allows', { requestsPerSecond: 51 }],
  ['a rate that is no number', { requestsPerSecond: '10' }],
  ['an empty choice', { only: [] }],
  ['an unknown kind of rows', { only: ['tags', 'moods'] }],
  ['no object', null],
])('%s is refused', (_, options) => {
  expect(bootstrapOptionsSchema.safeParse(options).success).toBe(false);
});
