import type { PageAnswer } from './paging.ts';

/** What some looks at single pages tell about the length of a list. */
export interface ListBracket {
  /** Rows the platform puts on a page: the size asked for, or its cap once one was seen. */
  readonly pageSize: number;
  readonly atLeast: number;
  /** Null: no look went past the end yet. */
  readonly atMost: number | null;
  /** How many times longer than what was seen it is taken to be while no end is in sight. */
  readonly stretch: number;
}

/** A list of which nothing is known, or at most how long such a list usually is. */
export const unseen = (pageSize: number, usualPages = 1): ListBracket => ({
  pageSize,
  atLeast: 0,
  atMost: null,
  stretch: usualPages > 1 ? 2 : 8,
});

/** A list whose length is known. */
export const exactly = (bracket: ListBracket, rows: number): ListBracket => ({
  ...bracket,
  atLeast: rows,
  atMost: rows,
});

/** No cap of the platform is smaller; a page with fewer rows is an accident. */
const smallestCap = 10;

/** Takes in one page, asked for with the bracket's page size. */
export function narrow(bracket: ListBracket, page: number, { ids, lastPage, count }: PageAnswer): ListBracket {
  const got = ids.length;
  const isCapped = page === 1 && got >= smallestCap && got < bracket.pageSize && hasMore(got, lastPage, count);
  const pageSize = isCapped ? got : bracket.pageSize;
  const seen = { ...bracket, pageSize };
  if (count !== null) return exactly(seen, count);
  const before = (page - 1) * pageSize;
  if (got === 0) {
    const atMost = Math.min(bracket.atMost ?? before, before);
    return { ...seen, atLeast: Math.min(bracket.atLeast, atMost), atMost };
  }
  if (lastPage === true || (lastPage === null && got < pageSize)) return exactly(seen, before + got);
  const atLeast = Math.max(bracket.atLeast, before + got + 1);
  return { ...seen, atLeast, atMost: bracket.atMost === null ? null : Math.max(bracket.atMost, atLeast) };
}

const hasMore = (got: number, lastPage: boolean | null, count: number | null): boolean =>
  count === null ? lastPage === false : count > got;

/** The greatest length that is reckoned with. */
export const upperBound = ({ pageSize, atLeast, atMost, stretch }: ListBracket): number =>
  atMost ?? Math.max(pageSize, stretch * atLeast);

/** The likeliest length: in the middle, of far bounds by their ratio; a list that nobody saw a row of is rather short. */
export const likelyRows = (bracket: ListBracket): number => between(bracket.atLeast, upperBound(bracket));

function between(low: number, high: number): number {
  if (low === 0) return high / 3;
  return high >= 4 * low ? Math.sqrt(low * high) : (low + high) / 2;
}

/** The page whose look halves what is unknown, first of all the one where such a list usually ends; null when nothing is. */
export function nextPage(bracket: ListBracket, usualPages = 1): number | null {
  const { pageSize, atLeast, atMost, stretch } = bracket;
  if (atLeast === atMost) return null;
  if (atLeast === 0 && atMost === null) return Math.max(1, Math.round(usualPages));
  const surePages = Math.ceil(atLeast / pageSize);
  if (atMost === null) return Math.max(surePages, (surePages - 1) * stretch);
  return Math.max(surePages, 1, Math.ceil(between(atLeast, atMost) / pageSize));
}
