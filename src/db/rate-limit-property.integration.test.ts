import { afterAll, beforeAll, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { openTestBudget } from '../../test/support/budget.ts';
import type { TestBudget } from '../../test/support/budget.ts';
import type { Lane } from './rate-limit.ts';

let budget: TestBudget;
beforeAll(async () => {
  budget = await openTestBudget();
});
afterAll(() => budget.close());

/** A call as Clockify and we may see it. */
interface Call {
  readonly lane: Lane;
  readonly requestsPerSecond: number;
  /** From the slot to the arrival at Clockify, and from there to the report of the answer. */
  readonly outMs: number;
  readonly backMs: number;
  readonly isLost: boolean;
}

/** Calls made at once, after some time. */
interface Burst {
  readonly passMs: number;
  readonly calls: readonly Call[];
}

const usually = <T>(value: T, other: fc.Arbitrary<T>) => fc.oneof({ weight: 5, arbitrary: fc.constant(value) }, other);

const call: fc.Arbitrary<Call> = fc.record({
  lane: fc.constantFrom<Lane>('bulk', 'interactive'),
  requestsPerSecond: fc.constantFrom(10_000, 10_000, 10_000, 48),
  outMs: usually(0, fc.nat(1_500)),
  backMs: usually(5, fc.nat(2_000)),
  isLost: usually(false, fc.boolean()),
});

const burst: fc.Arbitrary<Burst> = fc.record({
  passMs: usually(0, fc.oneof(fc.nat(500), fc.nat(35_000))),
  calls: fc.array(call, { minLength: 1, maxLength: 20, size: 'max' }),
});

/** Takes slots for the calls on a clock that jumps ahead when time passes; answers when the requests arrived. */
async function play(bursts: readonly Burst[]): Promise<number[]> {
  await budget.reset();
  const arrivals: number[] = [];
  let onTheirWay: { readonly number: string; readonly answeredAt: number }[] = [];
  let passed = 0;
  for (const { passMs, calls } of bursts) {
    if (passMs > 0) await budget.pass(passMs);
    passed += passMs;
    const now = Date.now() + passed;
    const answered = onTheirWay.filter(({ answeredAt }) => answeredAt < now).map(({ number }) => number);
    onTheirWay = onTheirWay.filter(({ answeredAt }) => answeredAt >= now);
    const slots = await Promise.all(
      calls.map(async ({ lane, requestsPerSecond, ...rest }) => {
        const request = { lane, requestsPerSecond, answered, maxWaitMs: 20_000 };
        return { ...rest, ...(await budget.take(request)) };
      }),
    );
    for (const { slotAt, number, outMs, backMs, isLost } of slots.filter((slot) => slot.granted)) {
      const arrivedAt = Date.parse(slotAt) + passed + outMs;
      arrivals.push(arrivedAt);
      if (!isLost) onTheirWay.push({ number, answeredAt: arrivedAt + backMs });
    }
  }
  return arrivals.toSorted((a, b) => a - b);
}

it('keeps any second at Clockify to fifty requests, whatever is asked, late or lost', async () => {
  let most = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(burst, { minLength: 20, maxLength: 30, size: 'max' }), async (bursts) => {
      const arrivals = await play(bursts);
      const inSecondFrom = (start: number) => arrivals.filter((at) => at >= start && at < start + 1_000).length;
      const fullest = Math.max(0, ...arrivals.map(inSecondFrom));
      expect(fullest).toBeLessThanOrEqual(50);
      most = Math.max(most, fullest);
    }),
    { numRuns: 10 },
  );
  expect(most).toBeGreaterThan(45);
}, 120_000);
