import { describe, expect, it, test } from '@jest/globals';
import { buildEstimate, countAffordableLooks, findPace } from './build-estimate.ts';
import type { EstimateParts, MeasuredKind } from './build-estimate.ts';

const tags: MeasuredKind = {
  entity: 'tags',
  measure: { calls: 3.4, margin: 0.3, rows: 520.2 },
  basis: 'mirror',
  refusal: null,
};
const tasks: MeasuredKind = {
  entity: 'tasks',
  measure: { calls: 2_996.6, margin: 40, rows: 9_000 },
  basis: 'probes',
  refusal: null,
};
const parts: EstimateParts = {
  kinds: [tags, tasks],
  pace: { requestsPerSecond: 50, requestsPerHour: null },
  plan: 'PRO',
  usedThisHour: 0,
  requests: 12,
  isCut: false,
  countedSince: null,
};

describe('an estimate', () => {
  it('adds up whole calls, and what they may be off by', () => {
    expect(buildEstimate(parts)).toEqual({
      calls: 3_000,
      margin: 41,
      minutes: 1,
      basis: 'probes',
      entities: [
        { entity: 'tags', calls: 3, margin: 1, rows: 520, basis: 'mirror' },
        { entity: 'tasks', calls: 2_997, margin: 40, rows: 9_000, basis: 'probes' },
      ],
      requests: 12,
      plan: 'PRO',
      pace: parts.pace,
      notes: [],
    });
  });

  it('rests on the mirror when nothing had to be asked for', () => {
    const estimate = buildEstimate({ ...parts, kinds: [tags], countedSince: '2026-11-20T10:00:00.000Z' });
    expect(estimate.basis).toBe('mirror');
    expect(estimate.notes).toEqual(['Counted in rows read since 2026-11-20; what came later is not in it.']);
  });

  it('says what it leaves out', () => {
    const closed: MeasuredKind = { ...tasks, entity: 'user_groups', refusal: 'A scope is missing.' };
    expect(buildEstimate({ ...parts, kinds: [closed], isCut: true }).notes).toEqual([
      'A rough estimate: no more than 12 requests were spent on it.',
      'user groups cannot be read: A scope is missing.',
    ]);
  });

  it('takes hours at thirty requests an hour, and says how long it takes without that limit', () => {
    const pace = { ...parts.pace, requestsPerHour: 30 };
    const estimate = buildEstimate({ ...parts, plan: 'FREE', pace });
    expect(estimate.minutes).toBe(111 * 60);
    expect(estimate.notes).toEqual([expect.stringMatching(/30 requests an hour\. Without that limit it takes 1 min/)]);
  });
});

test.each([
  [[48], null, [null, null], { requestsPerSecond: 48, requestsPerHour: null }],
  [[48, undefined, 20], 'PRO', [null], { requestsPerSecond: 20, requestsPerHour: null }],
  [[48, 10, 20], 'PRO', [500, 200], { requestsPerSecond: 10, requestsPerHour: 200 }],
  [[48], 'FREE', [null, null], { requestsPerSecond: 48, requestsPerHour: 30 }],
  // What is known outweighs what is likely.
  [[48], 'FREE', [null, 300], { requestsPerSecond: 48, requestsPerHour: 300 }],
])('of the rates %j on the plan %s with the limits %j the pace is %j', (rates, plan, hourlyLimits, pace) => {
  expect(findPace(rates, { plan, hourlyLimits })).toEqual(pace);
});

test.each([
  [null, 0, 60],
  [10_000, 0, 60],
  [90, 0, 30],
  [30, 0, 10],
  [30, 15, 5],
  [30, 29, 0],
])('with %p requests an hour and %i used, %i looks are affordable', (requestsPerHour, used, looks) => {
  expect(countAffordableLooks({ requestsPerSecond: 48, requestsPerHour }, used)).toBe(looks);
});
