import { describe, expect, it } from '@jest/globals';
import { createRateLimits, type RateLimits } from './rate-limits.ts';

function admitMany(limits: RateLimits, count: number, atMs: number, addonKey = 'one'): number {
  return Array.from({ length: count }, () => limits.admit(addonKey, atMs)).filter((wait) => wait === null).length;
}

describe('rate limits', () => {
  it('admit 50 requests in a second and refuse the 51st', () => {
    const limits = createRateLimits('PRO');

    expect(admitMany(limits, 51, 0)).toBe(50);
    expect(limits.admit('one', 999)).toBe(1);
    expect(limits.admit('one', 1_000)).toBeNull();
  });

  it('look at any sliding second, not at the clock', () => {
    const limits = createRateLimits('PRO');
    admitMany(limits, 25, 900);
    admitMany(limits, 25, 1_100);

    expect(limits.admit('one', 1_800)).toBe(100);
    expect(admitMany(limits, 26, 1_900)).toBe(25);
  });

  it('count each add-on for itself within the second', () => {
    const limits = createRateLimits('PRO');
    admitMany(limits, 50, 0);

    expect(limits.admit('another', 0)).toBeNull();
  });

  it('admit 30 requests an hour to a whole FREE workspace', () => {
    const limits = createRateLimits('FREE');

    expect(admitMany(limits, 29, 0)).toBe(29);
    expect(limits.admit('another', 2_000)).toBeNull();
    expect(limits.admit('one', 4_000)).toBe(3_596_000);
    expect(limits.admit('one', 3_600_000)).toBeNull();
  });

  it('can be switched off', () => {
    const limits = createRateLimits('FREE');
    limits.settings = { perSecond: null, perHour: null, retryAfter: false };

    expect(admitMany(limits, 200, 0)).toBe(200);
  });
});
