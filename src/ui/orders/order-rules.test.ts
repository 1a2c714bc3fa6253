import { describe, expect, it, test } from '@jest/globals';
import { buildEntityStatus, buildStatus } from '../../../test/support/bootstrap-status.ts';
import { operatorVerbs } from '../../domain/operator-orders.ts';
import { isPossible, isPossibleFor } from './order-rules.ts';

const tags = (given: object) => buildEntityStatus({ entity: 'tags', ...given });

test.each([
  ['NOT_STARTED', []],
  ['PENDING', ['pause', 'restartAll', 'changeRate', 'cancel']],
  ['RUNNING', ['pause', 'restartAll', 'changeRate', 'cancel']],
  ['PAUSED', ['resume', 'restartAll', 'changeRate', 'cancel']],
  ['COMPLETED', ['restartAll']],
  ['COMPLETED_WITH_WARNINGS', ['restartAll']],
  ['COMPLETED_WITH_ERRORS', ['restartAll']],
  ['FAILED', ['restartAll']],
  ['CANCELLED', ['restartAll']],
] as const)('a %s run takes the orders %j', (status, verbs) => {
  const given = buildStatus([], { status });
  expect(operatorVerbs.filter((verb) => isPossible(verb, given))).toEqual(verbs);
});

describe('a retry makes sense', () => {
  it.each([
    ['after a failure', { state: 'failed' }, true],
    ['without proof', { state: 'read', complete: false }, true],
    ['not for what is complete', { state: 'read', complete: true }, false],
    ['not for what is skipped', { state: 'skipped', complete: false }, false],
    ['not for what is being read', { state: 'reading' }, false],
  ])('%s', (_case, given, isSensible) => {
    for (const status of ['RUNNING', 'COMPLETED_WITH_ERRORS'] as const) {
      expect(isPossible('retryFailed', buildStatus([tags(given)], { status }))).toBe(isSensible);
    }
  });
});

test.each([
  ['waiting', 'RUNNING', false, true],
  ['reading', 'RUNNING', true, true],
  ['reading', 'PAUSED', true, true],
  ['read', 'RUNNING', true, false],
  ['skipped', 'RUNNING', true, false],
  ['failed', 'RUNNING', true, false],
  ['waiting', 'CANCELLED', true, false],
  ['read', 'COMPLETED', true, false],
] as const)('data that is %s in a %s run can be read again: %p, skipped: %p', (state, status, again, skip) => {
  expect(isPossibleFor('restartEntity', tags({ state }), status)).toBe(again);
  expect(isPossibleFor('skipEntity', tags({ state }), status)).toBe(skip);
});
