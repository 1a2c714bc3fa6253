import { expect, test } from '@jest/globals';
import { readNumber, readText } from './form-fields.ts';

test.each([
  [' month end ', 'month end'],
  ['', null],
  ['  ', null],
  [null, null],
])('the text %j is read as %j', (value, text) => {
  expect(readText(value)).toBe(text);
});

test.each([
  ['25', 25],
  [' 12.5 ', 12.5],
  ['', null],
  [null, null],
])('the number %j is read as %p', (value, number) => {
  expect(readNumber(value)).toBe(number);
});
