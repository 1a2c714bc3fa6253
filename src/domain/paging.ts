/**
 * When to ask for another page, and what a finished list proves. Pure: the same answers give the same verdict.
 *
 * The live platform's lists differ (Last-Page header, count in the body, neither) and misbehave: sizes are capped
 * silently, headers lie, pages come back short, empty or twice. So an end is believed only with evidence.
 */

/** Where a page loop stands: lists up to and including `after` are done; `list` is the one being read. */
export interface Cursor {
  readonly after: string;
  readonly done: boolean;
  readonly pageSize: number;
  readonly list: ListProgress;
  readonly tally: Tally;
}

/** The list being read; `page` is the one to ask for next, 1-based. */
export interface ListProgress {
  readonly page: number;
  /** Rows taken so far. */
  readonly rows: number;
  /** Digest of the ids on the page before, to notice a repeated page. */
  readonly lastPageDigest: string;
  /** Empty answers in a row although more should follow; each page is asked for twice before it is passed over. */
  readonly emptyAnswers: number;
  /** Rows missing from pages that should have been full. */
  readonly missing: number;
  /** The page is asked for again in what may be the server's cap. */
  readonly isProbe: boolean;
  /** Last-Page said true on a full page; one more page must prove it. */
  readonly unprovenEnd: boolean;
  readonly headerLied: boolean;
}

/** What the lists finished so far add up to. */
export interface Tally {
  readonly lists: number;
  readonly expected: number;
  readonly rows: number;
  /** Why this is no complete copy; sentences for people, each once. */
  readonly reasons: readonly string[];
}

export interface PageAnswer {
  readonly ids: readonly string[];
  /** Digest of the ids in their order. */
  readonly digest: string;
  readonly lastPage: boolean | null;
  readonly count: number | null;
}

export type Step =
  | { readonly kind: 'more'; readonly list: ListProgress; readonly pageSize: number }
  /** Discard the page and ask again as told. */
  | { readonly kind: 'again'; readonly list: ListProgress; readonly pageSize: number }
  | { readonly kind: 'end'; readonly expected: number; readonly reasons: readonly string[]; readonly pageSize: number };

export const firstPage: ListProgress = {
  page: 1,
  rows: 0,
  lastPageDigest: '',
  emptyAnswers: 0,
  missing: 0,
  isProbe: false,
  unprovenEnd: false,
  headerLied: false,
};

export const emptyTally: Tally = { lists: 0, expected: 0, rows: 0, reasons: [] };

export const startCursor = (pageSize: number): Cursor => ({
  after: '',
  done: false,
  pageSize,
  list: firstPage,
  tally: emptyTally,
});

/** So many empty answers in a row, two for each of two pages, are the end. */
const emptyAnswersBeforeEnd = 4;

/** The same ids as on the page before: the page did not advance, or the endpoint ignores paging. */
export const isRepeatedPage = (list: ListProgress, answer: PageAnswer): boolean =>
  answer.ids.length > 0 && answer.digest === list.lastPageDigest;

/** Decides what follows a page of a paged list. `pageSize` is the size the page was asked with. */
export function advance(list: ListProgress, pageSize: number, answer: PageAnswer, maxPages: number): Step {
  if (answer.ids.length === 0) return afterEmptyPage(list, pageSize, answer, maxPages);
  const cap = isShortOfMore(list, pageSize, answer) ? findCap(list, pageSize, answer.ids.length) : null;
  if (cap !== null) return probeForCap(list, pageSize, cap);
  return afterRows(list, pageSize, answer, maxPages);
}

/** Asks for the same rows in smaller pages: the server refused the size. Null when it cannot get smaller. */
export function shrink(list: ListProgress, pageSize: number): { list: ListProgress; pageSize: number } | null {
  if (pageSize === 1) return null;
  const smaller = pageSize % 2 === 0 ? pageSize / 2 : largestDivisor(pageSize, Math.floor(pageSize / 2));
  return { list: { ...list, page: pageAt(list, pageSize, smaller), isProbe: false }, pageSize: smaller };
}

/** Adds a finished list to the tally. */
export function addToTally(tally: Tally, expected: number, rows: number, reasons: readonly string[]): Tally {
  return {
    lists: tally.lists + 1,
    expected: tally.expected + expected,
    rows: tally.rows + rows,
    reasons: [...new Set([...tally.reasons, ...reasons])].slice(0, 10),
  };
}

const rowsBefore = (list: ListProgress, pageSize: number): number => (list.page - 1) * pageSize;

const pageAt = (list: ListProgress, pageSize: number, newSize: number): number =>
  rowsBefore(list, pageSize) / newSize + 1;

function largestDivisor(number: number, atMost: number): number {
  for (let divisor = Math.max(1, atMost); divisor > 1; divisor--) if (number % divisor === 0) return divisor;
  return 1;
}

/** Fewer rows than asked for, although more must follow. */
function isShortOfMore(list: ListProgress, pageSize: number, { ids, count, lastPage }: PageAnswer): boolean {
  if (ids.length >= pageSize) return false;
  if (count !== null) return list.rows + ids.length < count;
  return lastPage === false;
}

/** No cap of the platform is smaller; a page with fewer rows is an accident. */
const smallestCap = 10;

/**
 * The size the server may have capped the page to, or the next smaller one that keeps the place. One probe decides; a
 * list whose pages are merely incomplete is not probed for ever.
 */
function findCap(list: ListProgress, pageSize: number, got: number): number | null {
  if (list.isProbe || list.missing > 0) return null;
  const offset = rowsBefore(list, pageSize);
  const cap = offset === 0 ? got : largestDivisor(offset, got);
  return cap < smallestCap ? null : cap;
}

const probeForCap = (list: ListProgress, pageSize: number, cap: number): Step => ({
  kind: 'again',
  list: { ...list, page: pageAt(list, pageSize, cap), isProbe: true },
  pageSize: cap,
});

function afterRows(list: ListProgress, pageSize: number, answer: PageAnswer, maxPages: number): Step {
  const rows = list.rows + answer.ids.length;
  const isShort = answer.ids.length < pageSize;
  const isKnownLast = isShort && !isShortOfMore(list, pageSize, answer);
  const taken: ListProgress = {
    ...list,
    page: list.page + 1,
    rows,
    lastPageDigest: answer.digest,
    emptyAnswers: 0,
    missing: list.missing + skippedRows(list, pageSize) + (isShort && !isKnownLast ? pageSize - answer.ids.length : 0),
    isProbe: false,
    unprovenEnd: answer.count === null && answer.lastPage === true && !isShort,
    headerLied: list.headerLied || list.unprovenEnd,
  };
  if (isProvenEnd(taken, answer, isShort)) return end(taken, pageSize, answer);
  if (list.page >= maxPages)
    return end(taken, pageSize, answer, `Stopped after ${maxPages} pages: the list is longer.`);
  return { kind: 'more', list: taken, pageSize };
}

function isProvenEnd(list: ListProgress, { count, lastPage }: PageAnswer, isShort: boolean): boolean {
  if (count !== null) return list.rows >= count;
  return lastPage === true && isShort && !list.headerLied;
}

/** Rows of the pages that stayed empty, once a later page shows that they were not the end. */
const skippedRows = ({ emptyAnswers }: ListProgress, pageSize: number): number =>
  Math.floor(emptyAnswers / 2) * pageSize;

function afterEmptyPage(list: ListProgress, pageSize: number, answer: PageAnswer, maxPages: number): Step {
  const emptyAnswers = list.emptyAnswers + 1;
  const isEnd =
    list.unprovenEnd ||
    (answer.count === null ? answer.lastPage !== false : list.rows >= answer.count) ||
    emptyAnswers >= emptyAnswersBeforeEnd ||
    list.page >= maxPages;
  if (isEnd) return end(list, pageSize, answer);
  if (emptyAnswers % 2 === 1) return { kind: 'again', list: { ...list, emptyAnswers }, pageSize };
  return { kind: 'more', list: { ...list, page: list.page + 1, emptyAnswers, lastPageDigest: '' }, pageSize };
}

function end(list: ListProgress, pageSize: number, answer: PageAnswer, truncation?: string): Step {
  const reasons = [
    truncation,
    list.missing > 0 &&
      answer.count === null &&
      `${list.missing} rows were missing from pages that should have been full.`,
    list.headerLied && 'Last-Page said true although more pages followed.',
    truncation === undefined && hasNoProof(list, answer) && 'Clockify never said that the last page had come.',
    answer.count !== null && list.rows < answer.count && `Clockify counts ${answer.count} but delivered ${list.rows}.`,
  ];
  return {
    kind: 'end',
    expected: answer.count ?? list.rows + list.missing,
    reasons: reasons.filter((reason) => typeof reason === 'string'),
    pageSize,
  };
}

/** Neither a count nor a Last-Page that held: an empty page alone proves nothing. */
const hasNoProof = (list: ListProgress, { count, lastPage }: PageAnswer): boolean =>
  count === null && lastPage !== true && !list.unprovenEnd;

/** Ends a list that answered the same page twice in a row, also when asked again. */
export function endRepeatedList(list: ListProgress, pageSize: number, answer: PageAnswer): Step {
  if (answer.count !== null && list.rows >= answer.count) return end(list, pageSize, answer);
  const expected = Math.max(answer.count ?? 0, list.rows);
  return { kind: 'end', expected, reasons: ['The list answers every page with the same rows.'], pageSize };
}
