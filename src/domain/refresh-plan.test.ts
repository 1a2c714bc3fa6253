import { describe, expect, it } from '@jest/globals';
import { planRefresh } from './refresh-plan.ts';
import type { Freshness, RefreshTerms } from './refresh-plan.ts';

const hour = 3_600_000;
const day = 24 * hour;
const now = Date.parse('2026-11-21T12:00:00Z');
const paid: RefreshTerms = { requestsPerHour: 172_800, now, feedsWork: true, isCatchingUp: false };
const free: RefreshTerms = { ...paid, requestsPerHour: 30 };

const tags = (changes: Partial<Freshness> = {}): Freshness => ({
  entity: 'tags',
  way: 'delta',
  scannedAt: now,
  requests: 1,
  deltaUntil: null,
  ...changes,
});
const holidays = (changes: Partial<Freshness> = {}): Freshness => tags({ entity: 'holidays', way: 'poll', ...changes });

const isRescanned = (kind: Freshness, terms = paid): boolean => planRefresh([kind], terms).rescan.length > 0;
const isAsked = (kind: Freshness, terms = paid): boolean => planRefresh([kind], terms).delta.length > 0;

describe('a kind is read whole again', () => {
  it.each<[string, Freshness, RefreshTerms, number]>([
    ['that nobody tells of', holidays(), paid, hour],
    ['that arrives by itself, and no feed tells of', holidays({ way: 'push' }), paid, day],
    ['that the feeds tell of', tags(), paid, 7 * day],
    ['that arrives by itself and by the feeds', tags({ way: 'push' }), paid, 7 * day],
    ['whose feeds are closed', tags({ way: 'poll' }), { ...paid, feedsWork: false }, hour],
    ['that costs 17,280 requests', holidays({ requests: 17_280 }), paid, 10 * hour],
    ['that costs one request of thirty in an hour', holidays(), free, (100 / 30) * hour],
    ['that costs more than the budget gives', holidays({ requests: 100_000 }), free, 30 * day],
  ])('%s: not before its time, and then', (_, kind, terms, rest) => {
    expect(isRescanned({ ...kind, scannedAt: now - rest + 1_000 }, terms)).toBe(false);
    expect(isRescanned({ ...kind, scannedAt: now - rest }, terms)).toBe(true);
  });
});

describe('the feeds are read', () => {
  it.each<[string, Freshness, RefreshTerms, number]>([
    ['each time that the budget allows', tags(), paid, (3 / 1_728) * hour],
    ['once an hour for what arrives by itself', tags({ way: 'push' }), paid, hour],
    ['rarely where thirty requests an hour are allowed', tags(), free, 10 * hour],
  ])('%s', (_, kind, terms, rest) => {
    expect(isAsked({ ...kind, scannedAt: 0, deltaUntil: now - rest + 1_000 }, terms)).toBe(false);
    expect(isAsked({ ...kind, scannedAt: 0, deltaUntil: now - rest }, terms)).toBe(true);
  });

  it('from the last reading on, when they never were', () => {
    expect(isAsked(tags({ scannedAt: now }))).toBe(false);
    expect(isAsked(tags({ scannedAt: now - hour }))).toBe(true);
  });

  it.each([
    ['of which they do not tell', holidays({ way: 'push' }), paid],
    ['when one of them is closed', tags(), { ...paid, feedsWork: false }],
  ])('never for a kind %s', (_, kind, terms) => {
    expect(isAsked({ ...kind, scannedAt: 0 }, { ...terms, isCatchingUp: true })).toBe(false);
  });
});

describe('after an absence', () => {
  const terms = { ...paid, isCatchingUp: true };

  it('the feeds tell what they can, and what they do not tell of is read whole', () => {
    const requests = 100_000;
    const kinds = [
      tags({ way: 'push', requests }),
      tags({ entity: 'clients', requests }),
      holidays({ requests }),
      holidays({ entity: 'users', way: 'push', requests }),
    ];
    expect(planRefresh(kinds, terms)).toEqual({ delta: ['tags', 'clients'], rescan: ['holidays', 'users'] });
  });

  it.each([
    ['1,728 requests', 1_728, paid, true],
    ['more than that', 1_729, paid, false],
    ['one request of thirty in an hour', 1, free, false],
  ])('what costs %s is read whole beside the feeds, or not', (_, requests, { requestsPerHour }, isRead) => {
    const kind = tags({ way: 'push', requests });
    expect(planRefresh([kind], { ...terms, requestsPerHour })).toEqual({
      delta: ['tags'],
      rescan: isRead ? ['tags'] : [],
    });
  });

  it('all is read whole where the feeds are closed', () => {
    const kinds = [tags({ way: 'push' }), holidays()];
    expect(planRefresh(kinds, { ...terms, feedsWork: false })).toEqual({ delta: [], rescan: ['tags', 'holidays'] });
  });
});
