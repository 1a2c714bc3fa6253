import { describe, expect, it } from '@jest/globals';
import { buildLine } from '../../../test/support/sidebar-inbox.ts';
import type { InboxFilter, InboxLine } from '../../domain/inbox.ts';
import { mergeLines } from './merge-lines.ts';

const at = (minute: number): string => `2026-11-21T10:0${minute}:00.000000Z`;
const line = (id: number, minute: number, given: Partial<InboxLine> = {}) =>
  buildLine({ id: String(id), receivedAt: at(minute), changedAt: at(minute), ...given });
const loaded = [line(4, 4), line(2, 2)];

function merge(news: readonly InboxLine[], filter: InboxFilter = {}, hasMore = false, lines = loaded) {
  const merged = mergeLines({ lines, filter, hasMore }, new Map(news.map((one) => [one.id, one])));
  return merged.map(({ id, state }) => `${id} ${state}`);
}

describe('news', () => {
  it('come to their place by the time of receipt', () => {
    expect(merge([line(3, 3), line(5, 5)])).toEqual(['5 processed', '4 processed', '3 processed', '2 processed']);
  });

  it('of one moment come in the order of their ids', () => {
    expect(merge([line(10, 4), line(9, 4)])).toEqual(['10 processed', '9 processed', '4 processed', '2 processed']);
  });

  it('take the place of what they tell anew', () => {
    expect(merge([line(2, 2, { state: 'parked', changedAt: at(5) })])).toEqual(['4 processed', '2 parked']);
  });

  it('that are older than what was loaded change nothing', () => {
    expect(merge([line(4, 4, { state: 'received', changedAt: at(1) })])).toEqual(['4 processed', '2 processed']);
  });

  it('from before what was loaded wait for their page, unless there is none', () => {
    expect(merge([line(1, 1)], {}, true)).toEqual(['4 processed', '2 processed']);
    expect(merge([line(1, 1)], {}, false)).toEqual(['4 processed', '2 processed', '1 processed']);
  });

  it('are all there is when nothing was loaded', () => {
    expect(merge([line(1, 1)], {}, false, [])).toEqual(['1 processed']);
  });
});

describe('a filter', () => {
  it.each<[InboxFilter, string[]]>([
    [{ event: 'NEW_TAG' }, ['5 parked', '4 processed', '2 processed']],
    [{ event: 'TAG_DELETED' }, ['6 processed']],
    [{ state: 'parked' }, ['5 parked']],
    [{ from: '2026-11-21T10:04:00Z' }, ['6 processed', '5 parked', '4 processed']],
    [{ to: '2026-11-21T10:04:00Z' }, ['2 processed']],
  ])('%j holds for news as well', (filter, expected) => {
    expect(merge([line(5, 5, { state: 'parked' }), line(6, 6, { event: 'TAG_DELETED' })], filter)).toEqual(expected);
  });

  it('lets go what has changed so that it no longer fits', () => {
    const parked = loaded.map((one) => ({ ...one, state: 'parked' as const }));
    expect(merge([line(4, 4, { changedAt: at(5) })], { state: 'parked' }, false, parked)).toEqual(['2 parked']);
  });
});
