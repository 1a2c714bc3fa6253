import { describe, expect, it } from '@jest/globals';
import { featuresInUse, featuresOf, subscriptionOf } from './plans.ts';
import { countsOf } from './profiles.ts';

describe('the features of a plan', () => {
  it.each([
    ['FREE', 'TIME_OFF', false],
    ['BASIC', 'INVOICING', false],
    ['STANDARD', 'TIME_OFF', true],
    ['STANDARD', 'EXPENSES', false],
    ['PRO', 'SCHEDULING', true],
    ['PRO', 'AUDIT_LOG', false],
    ['ENTERPRISE', 'AUDIT_LOG', true],
    ['ENTERPRISE', 'TIME_TRACKING', true],
  ])('%s with %s: %j', (plan, feature, isIncluded) => {
    expect(featuresOf(plan).includes(feature)).toBe(isIncluded);
  });

  it('are unknown for a plan that does not exist', () => {
    expect(() => featuresOf('GOLD')).toThrow('There is no plan GOLD');
  });

  it('are needed where there are rows', () => {
    expect(featuresInUse(countsOf.XS)).toEqual(['INVOICING']);
    expect(featuresInUse(countsOf.S)).toEqual(
      expect.arrayContaining(['APPROVAL', 'CUSTOM_FIELDS', 'EXPENSES', 'INVOICING', 'SCHEDULING', 'TIME_OFF']),
    );
  });

  it.each([
    ['FREE', 'FREE'],
    ['PRO', 'PRO_2021'],
  ])('the subscription of %s is %s', (plan, name) => {
    expect(subscriptionOf(plan)).toBe(name);
  });
});
