import { expect, test } from '@jest/globals';
import { computeEfficiency, presentEfficiency } from './efficiency.ts';

test('the full budget all the time is an efficiency of 1', () => {
  expect(computeEfficiency({ requests: 480, repeated: 0, wallSeconds: 10 })).toBe(1);
});

test('repeated reads count as nothing done', () => {
  expect(computeEfficiency({ requests: 480, repeated: 240, wallSeconds: 10 })).toBe(0.5);
});

test.each([[{ requests: 0, repeated: 0, wallSeconds: 10 }], [{ requests: 5, repeated: 0, wallSeconds: 0 }]])(
  'without requests or time there is none: %j',
  (times) => {
    expect(computeEfficiency(times)).toBeUndefined();
    expect(presentEfficiency(times)).toContain('nothing had to be read');
  },
);

test('the figure is told with what it is made of', () => {
  expect(presentEfficiency({ requests: 450, repeated: 2, wallSeconds: 10 })).toBe(
    'Efficiency: 93 % (448 requests needed ÷ 48/s ÷ 10.0 s)',
  );
});
