import { describe, expect, it, test } from '@jest/globals';
import type { BootstrapStatus } from '../../src/domain/bootstrap-status.ts';
import type { CostEstimate } from '../../src/domain/cost-estimate.ts';
import { isProven, renderEstimate, renderProof } from './report.ts';

const read = { entity: 'tags', state: 'read', rows: 1_200, expected: 1_200, complete: true, evidence: 'last_page' };
const skipped = { entity: 'expenses', state: 'skipped', rows: 0, expected: null, complete: false, reason: 'FREE' };
const failed = { entity: 'users', state: 'failed', rows: 7, expected: null, complete: false, lastError: 'No answer.' };
const short = { ...read, entity: 'clients', complete: false, evidence: null, reason: '2 rows came twice' };

const status = (run: string, ...entities: object[]) =>
  ({ status: run, requests: 1_234, entities }) as unknown as BootstrapStatus;

test('the proof names for each kind what was copied and how we know that it is all', () => {
  expect(renderProof(status('COMPLETED_WITH_ERRORS', read, skipped, failed, short))).toEqual([
    'entity    copied  in Clockify  complete?',
    'tags       1,200        1,200  yes: up to the last page',
    'expenses       0               not read: FREE',
    'users          7               NO: No answer.',
    'clients    1,200        1,200  NO: 2 rows came twice',
    '',
    'Run COMPLETED_WITH_ERRORS, 1,234 requests',
  ]);
});

describe('a copy is proven', () => {
  it.each([
    ['with every kind complete', status('COMPLETED', read), true],
    ['with kinds that are not to be read', status('COMPLETED_WITH_WARNINGS', read, skipped), true],
    ['not with a kind that failed', status('COMPLETED_WITH_ERRORS', read, failed), false],
    ['not with a kind that is short', status('COMPLETED_WITH_WARNINGS', read, short), false],
    ['not when the run failed, whatever was read before', status('FAILED', read, skipped), false],
    ['not when it was cancelled', status('CANCELLED', read, skipped), false],
    ['not when nothing could be read', status('COMPLETED', skipped), false],
    ['not when there was nothing', status('COMPLETED'), false],
  ])('%s', (_, given, proven) => expect(isProven(given)).toBe(proven));
});

test('the estimate tells the requests by kind, the time, the plan and what to know', () => {
  const estimate: CostEstimate = {
    calls: 1_500,
    margin: 20,
    minutes: 50,
    basis: 'probes',
    entities: [{ entity: 'tags', calls: 2, margin: 0, rows: 300, basis: 'probes' }],
    requests: 12,
    plan: 'FREE',
    pace: { requestsPerSecond: 48, requestsPerHour: 30 },
    notes: ['A note.'],
  };
  expect(renderEstimate(estimate)).toEqual([
    'entity  requests  rows',
    'tags           2   300',
    '',
    'About 1,500 requests, give or take 20; all of them read, none writes.',
    'At 48 a second and 30 an hour that takes 50 min 0 s or more.',
    'Plan: FREE',
    'A note.',
  ]);
});
