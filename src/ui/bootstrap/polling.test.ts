import { expect, test } from '@jest/globals';
import { buildStatus } from '../../../test/support/bootstrap-status.ts';
import { Refusal } from '../refusal.ts';
import { pollDelayMs } from './polling.ts';

test.each([
  ['PENDING', 1000],
  ['RUNNING', 1000],
  ['NOT_STARTED', 5000],
  ['PAUSED', 5000],
  ['COMPLETED', 5000],
  ['FAILED', 5000],
] as const)('a %s run is looked at again after %d ms', (status, delay) => {
  expect(pollDelayMs(buildStatus([], { status }), null)).toBe(delay);
});

test.each([
  ['storage_unavailable', 1000],
  ['unreachable', 1000],
  ['invalid_token', false],
  ['forbidden', false],
  ['installation_inactive', false],
] as const)('after %s the next look comes after %p ms', (code, delay) => {
  expect(pollDelayMs(buildStatus([], { status: 'RUNNING' }), new Refusal(code))).toBe(delay);
});

test('a first look that failed is repeated', () => {
  expect(pollDelayMs(undefined, new Refusal('unreachable'))).toBe(5000);
});
