import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addToTally, advance, emptyTally, endRepeatedList, firstPage, isRepeatedPage, shrink } from './paging.ts';
import type { ListProgress, PageAnswer, Step } from './paging.ts';

const page = (rows: number, given: Partial<PageAnswer> = {}): PageAnswer => ({
  ids: Array.from({ length: rows }, (_, index) => `id-${index}`),
  digest: `digest-${Math.random()}`,
  lastPage: null,
  count: null,
  ...given,
});

/** Feeds a list with answers in order, as long as it asks for more. */
function read(answers: readonly PageAnswer[], pageSize = 200, maxPages = 1000): { step: Step; asked: number[] } {
  let list: ListProgress = firstPage;
  let size = pageSize;
  const asked: number[] = [];
  for (const answer of answers) {
    asked.push(list.page);
    const step = advance(list, size, answer, maxPages);
    if (step.kind === 'end') return { step, asked };
    list = step.list;
    size = step.pageSize;
  }
  return { step: { kind: 'more', list, pageSize: size }, asked };
}

describe('a list with a Last-Page header', () => {
  it('ends on a short page that says it is the last', () => {
    const { step } = read([page(200, { lastPage: false }), page(34, { lastPage: true })]);
    expect(step).toMatchObject({ kind: 'end', expected: 234, reasons: [] });
  });

  it('asks once more after a full page that says it is the last', () => {
    const { step, asked } = read([page(200, { lastPage: true }), page(0, { lastPage: true })]);
    expect(asked).toEqual([1, 2]);
    expect(step).toMatchObject({ kind: 'end', expected: 200, reasons: [] });
  });

  it('reads on, and gives no proof, when more rows follow a page that said it was the last', () => {
    const { step } = read([page(200, { lastPage: true }), page(7, { lastPage: true }), page(0, { lastPage: true })]);
    expect(step).toMatchObject({ kind: 'end', expected: 207 });
    expect(step).toHaveProperty('reasons', ['Last-Page said true although more pages followed.']);
  });

  it('asks again for an empty page in the middle', () => {
    const answers = [page(200, { lastPage: false }), page(0, { lastPage: false }), page(9, { lastPage: true })];
    const { step, asked } = read(answers);
    expect(asked).toEqual([1, 2, 2]);
    expect(step).toMatchObject({ kind: 'end', expected: 209, reasons: [] });
  });

  it('passes over a page that stays empty, and counts its rows as missing when more follow', () => {
    const empty = page(0, { lastPage: false });
    const { step, asked } = read([page(200, { lastPage: false }), empty, empty, page(9, { lastPage: true })]);
    expect(asked).toEqual([1, 2, 2, 3]);
    expect(step).toHaveProperty('reasons', ['200 rows were missing from pages that should have been full.']);
  });

  it('gives no proof when empty pages go on and none says it is the last', () => {
    const empty = page(0, { lastPage: false });
    const { step, asked } = read([page(200, { lastPage: false }), empty, empty, empty, empty]);
    expect(asked).toEqual([1, 2, 2, 3, 3]);
    expect(step).toHaveProperty('reasons', ['Clockify never said that the last page had come.']);
  });

  it('takes a short page that is not the last for a cap, and asks for the same rows in that size', () => {
    const first = advance(firstPage, 200, page(50, { lastPage: false }), 1000);
    expect(first).toMatchObject({ kind: 'again', pageSize: 50, list: { page: 1, rows: 0 } });
  });

  it('keeps its place when the cap comes in the middle', () => {
    const second: ListProgress = { ...firstPage, page: 3, rows: 400 };
    expect(advance(second, 200, page(50, { lastPage: false }), 1000)).toMatchObject({
      pageSize: 50,
      list: { page: 9 },
    });
  });

  it('takes no page of a few rows for a cap: one such accident would slow down all that follows', () => {
    const answer = page(3, { lastPage: false });
    expect(advance(firstPage, 200, answer, 1000)).toMatchObject({
      kind: 'more',
      pageSize: 200,
      list: { missing: 197 },
    });
  });

  it('keeps its size when the place could only be kept in tiny pages', () => {
    const second: ListProgress = { ...firstPage, page: 2, rows: 197 };
    const step = advance(second, 197, page(190, { lastPage: false }), 1000);
    expect(step).toMatchObject({ kind: 'more', pageSize: 197, list: { page: 3, missing: 7 } });
  });

  it('counts rows as missing when pages stay short in every size', () => {
    const probe = advance(firstPage, 200, page(197, { lastPage: false }), 1000);
    if (probe.kind !== 'again') throw new Error('expected a probe');
    const short = advance(probe.list, probe.pageSize, page(194, { lastPage: false }), 1000);
    expect(short).toMatchObject({ kind: 'more', list: { rows: 194, missing: 3 } });
    if (short.kind !== 'more') throw new Error('expected more');
    const end = advance(short.list, short.pageSize, page(10, { lastPage: true }), 1000);
    expect(end).toMatchObject({
      expected: 207,
      reasons: ['3 rows were missing from pages that should have been full.'],
    });
  });
});

describe('a list with a count', () => {
  it('ends when the count is reached, without another request', () => {
    const { step, asked } = read([page(200, { count: 400 }), page(200, { count: 400 })]);
    expect(asked).toEqual([1, 2]);
    expect(step).toMatchObject({ kind: 'end', expected: 400, reasons: [] });
  });

  it('is proven empty by a count of nought', () => {
    expect(read([page(0, { count: 0 })]).step).toMatchObject({ kind: 'end', expected: 0, reasons: [] });
  });

  it('names the difference when fewer rows are delivered than counted', () => {
    const empty = page(0, { count: 200 });
    const { step } = read([page(195, { count: 200 }), page(190, { count: 200 }), empty, empty, empty, empty]);
    expect(step).toMatchObject({ kind: 'end', expected: 200 });
    expect(step).toHaveProperty('reasons', ['Clockify counts 200 but delivered 190.']);
  });
});

describe('any list', () => {
  it('gives no proof when there is neither header nor count', () => {
    const { step } = read([page(200), page(3), page(0)]);
    expect(step).toHaveProperty('reasons', ['Clockify never said that the last page had come.']);
  });

  it('stops at the configured number of pages and says so', () => {
    const { step } = read([page(200, { lastPage: false }), page(200, { lastPage: false })], 200, 2);
    expect(step).toMatchObject({ reasons: ['Stopped after 2 pages: the list is longer.'] });
  });

  it('notices a page that came before', () => {
    expect(isRepeatedPage({ ...firstPage, lastPageDigest: 'same' }, page(3, { digest: 'same' }))).toBe(true);
    expect(isRepeatedPage({ ...firstPage, lastPageDigest: 'same' }, page(3, { digest: 'other' }))).toBe(false);
    expect(isRepeatedPage(firstPage, page(0, { digest: '' }))).toBe(false);
  });

  it('gives no proof for a list that repeats itself, unless all counted rows were there', () => {
    const list = { ...firstPage, page: 2, rows: 200 };
    expect(endRepeatedList(list, 200, page(200))).toMatchObject({
      reasons: ['The list answers every page with the same rows.'],
    });
    expect(endRepeatedList(list, 200, page(200, { count: 200 }))).toMatchObject({ expected: 200, reasons: [] });
  });

  it.each([
    [200, 100],
    [100, 50],
    [50, 25],
    [25, 5],
    [5, 1],
  ])('shrinks %i to %i and keeps its place', (from, to) => {
    const smaller = shrink({ ...firstPage, page: 3 }, from);
    expect(smaller).toMatchObject({ pageSize: to, list: { page: (2 * from) / to + 1 } });
  });

  it('cannot shrink a page of one row', () => {
    expect(shrink(firstPage, 1)).toBeNull();
  });

  it('adds up its reasons once each', () => {
    const tally = addToTally(addToTally(emptyTally, 3, 3, ['why']), 4, 2, ['why', 'other']);
    expect(tally).toEqual({ lists: 2, expected: 7, rows: 5, reasons: ['why', 'other'] });
  });
});

describe('a platform that caps the page size in the middle', () => {
  /** A list of `total` rows behind a server that silently serves at most `cap` rows from request `from` on. */
  function readCapped({ total, from, cap, size }: { total: number; from: number; cap: number; size: number }) {
    const got: number[] = [];
    let list: ListProgress = firstPage;
    let pageSize = size;
    for (let request = 1; request < 5_000; request++) {
      const served = request >= from ? Math.min(cap, pageSize) : pageSize;
      const start = (list.page - 1) * served;
      const ids = Array.from({ length: Math.max(0, Math.min(served, total - start)) }, (_, index) => start + index);
      const answer = { ...page(0), ids: ids.map(String), digest: ids.join(), lastPage: start + served >= total };
      const step = advance(list, pageSize, answer, 5_000);
      if (step.kind !== 'again') got.push(...ids);
      if (step.kind === 'end') return { got, request, step };
      ({ list, pageSize } = step);
    }
    throw new Error('the list never ended');
  }

  it('still delivers every row once, for few requests more', () => {
    fc.assert(
      fc.property(
        fc.record({
          total: fc.integer({ min: 0, max: 1_500 }),
          from: fc.integer({ min: 1, max: 6 }),
          cap: fc.constantFrom(100, 50, 25, 10),
          size: fc.constant(200),
        }),
        (given) => {
          const { got, request, step } = readCapped(given);
          expect(got).toEqual(Array.from({ length: given.total }, (_, index) => index));
          expect(step).toMatchObject({ expected: given.total, reasons: [] });
          expect(request).toBeLessThanOrEqual(Math.ceil(given.total / given.cap) + 2);
        },
      ),
    );
  });
});
