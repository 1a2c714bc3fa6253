import { describe, expect, it, test } from '@jest/globals';
import { getReadingRule } from './reading-rules.ts';
import { countRequests, estimateMinutes } from './request-count.ts';

const limits = { pageSize: 200, maxPages: 1000 };

describe('the requests for one list', () => {
  it.each([
    ['tags', 0, 1],
    ['tags', 1, 1],
    ['tags', 199, 1],
    // A full last page is no proof of the end: one more must be empty.
    ['tags', 200, 2],
    ['tags', 201, 2],
    ['tags', 400, 3],
    ['tags', 2_201, 12],
    // A count is proof.
    ['invoices', 0, 1],
    ['invoices', 200, 1],
    ['invoices', 201, 2],
    ['invoices', 400, 2],
    // One answer holds everything.
    ['custom_fields', 900, 1],
    ['workspace', 1, 1],
  ] as const)('of %s with %i rows are %i', (entity, rows, requests) => {
    expect(countRequests(getReadingRule(entity), rows, limits)).toBe(requests);
  });

  it('end with the page limit of the deployment', () => {
    expect(countRequests(getReadingRule('tags'), 10_000, { pageSize: 10, maxPages: 7 })).toBe(7);
  });
});

describe('the minutes', () => {
  const brisk = { requestsPerSecond: 50, requestsPerHour: null };
  const free = { requestsPerSecond: 50, requestsPerHour: 30 };

  test.each([
    [brisk, 3_000, 0, 1],
    [brisk, 0, 0, 0],
    [{ ...brisk, requestsPerSecond: 25 }, 3_000, 0, 2],
    [{ ...brisk, requestsPerHour: 1_000_000 }, 3_000, 0, 1],
    // A copy has 27 of the thirty: the first at once, the next an hour later.
    [free, 27, 0, 27 / 50 / 60],
    [free, 28, 0, 60],
    [free, 54, 0, 60],
    [free, 55, 0, 120],
    [free, 20, 15, 60],
    [free, 0, 30, 0],
  ])('at %j for %i calls with %i used are %d', (pace, calls, used, minutes) => {
    expect(estimateMinutes(calls, pace, used)).toBeCloseTo(minutes, 6);
  });
});
