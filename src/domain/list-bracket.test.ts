import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { exactly, likelyRows, narrow, nextPage, unseen, upperBound } from './list-bracket.ts';
import type { ListBracket } from './list-bracket.ts';
import type { PageAnswer } from './paging.ts';

const page = (rows: number, given: Partial<PageAnswer> = {}): PageAnswer => ({
  ids: Array.from({ length: rows }, (_, index) => `id-${index}`),
  digest: '',
  lastPage: null,
  count: null,
  ...given,
});
const fresh = unseen(200);

describe('one page', () => {
  it.each([
    ['with a count tells everything', 1, page(200, { count: 950 }), { atLeast: 950, atMost: 950 }],
    ['that is the last tells everything', 3, page(40, { lastPage: true }), { atLeast: 440, atMost: 440 }],
    ['that is full and the last tells everything', 2, page(200, { lastPage: true }), { atLeast: 400, atMost: 400 }],
    ['that is short and says nothing is taken for the last', 1, page(7), { atLeast: 7, atMost: 7 }],
    ['with more after it leaves the end open', 4, page(200, { lastPage: false }), { atLeast: 801, atMost: null }],
    ['that is empty lies behind the end', 4, page(0, { lastPage: true }), { atLeast: 0, atMost: 600 }],
    ['that is empty and the first is the whole list', 1, page(0, { lastPage: true }), { atLeast: 0, atMost: 0 }],
  ] as const)('%s', (_, number, answer, expected) => {
    expect(narrow(fresh, number, answer)).toEqual({ ...fresh, ...expected });
  });

  it('of fewer rows than asked for, with more after it, shows the cap of the platform', () => {
    expect(narrow(fresh, 1, page(50, { lastPage: false }))).toMatchObject({ pageSize: 50, atLeast: 51 });
    expect(narrow(fresh, 1, page(50, { count: 120 }))).toMatchObject({ pageSize: 50, atLeast: 120, atMost: 120 });
    // An accident, not a cap.
    expect(narrow(fresh, 1, page(3, { lastPage: false }))).toMatchObject({ pageSize: 200 });
  });

  it('never widens what is known, and gives way to what contradicts it', () => {
    const known: ListBracket = { ...fresh, atLeast: 801, atMost: 3_000 };
    expect(narrow(known, 2, page(200, { lastPage: false }))).toEqual(known);
    expect(narrow(known, 3, page(0))).toMatchObject({ atLeast: 400, atMost: 400 });
    expect(narrow(known, 20, page(200, { lastPage: false }))).toMatchObject({ atLeast: 4_001, atMost: 4_001 });
  });
});

describe('the likely length', () => {
  it.each([
    [exactly(fresh, 450), 450, 450],
    [{ ...fresh, atLeast: 401, atMost: 600 }, 500.5, 600],
    [{ ...fresh, atLeast: 100, atMost: 10_000 }, 1_000, 10_000],
    [{ ...fresh, atLeast: 0, atMost: 600 }, 200, 600],
    [{ ...fresh, atLeast: 200 }, Math.sqrt(200 * 1_600), 1_600],
    [{ ...unseen(200, 20), atLeast: 4_000 }, 6_000, 8_000],
  ])('of %j is %d, and %d at most', (bracket, likely, most) => {
    expect(likelyRows(bracket)).toBeCloseTo(likely, 6);
    expect(upperBound(bracket)).toBe(most);
  });
});

/** Looks until the length is known; the pages that were looked at. */
function search(rows: number, usualPages: number): number[] {
  let bracket = unseen(200, usualPages);
  const looked: number[] = [];
  for (let next = nextPage(bracket, usualPages); next !== null; next = nextPage(bracket, usualPages)) {
    if (looked.length > 100) throw new Error('no end');
    looked.push(next);
    const got = Math.max(0, Math.min(200, rows - (next - 1) * 200));
    bracket = narrow(bracket, next, page(got, { lastPage: next * 200 >= rows }));
  }
  expect(bracket).toMatchObject({ atLeast: rows, atMost: rows });
  return looked;
}

describe('the search for the end', () => {
  it('finds every length, in few looks, and looks at no page twice', () => {
    fc.assert(
      fc.property(fc.nat(400_000), fc.integer({ min: 1, max: 300 }), (rows, usualPages) => {
        const looked = search(rows, usualPages);
        expect(new Set(looked).size).toBe(looked.length);
        expect(looked.length).toBeLessThanOrEqual(25);
      }),
    );
  });

  it('takes one look at a short list, and starts where such lists usually end', () => {
    expect(search(120, 1)).toEqual([1]);
    expect(search(2_200, 1)).toEqual([1, 8, 64, 23, 16, 12, 10, 11]);
    expect(search(4_300, 20).slice(0, 2)).toEqual([20, 40]);
  });
});
