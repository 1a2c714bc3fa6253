import { describe, expect, it } from '@jest/globals';
import { findChanged, firstIdOf, getFeedType, nextFeedWindow } from './change-feeds.ts';

const id = 'a'.repeat(24);
const other = 'b'.repeat(24);

describe('the next window', () => {
  it.each([
    ['on an ordinary day', '2026-11-21T12:00:00.400Z', '2026-11-21T11:45:00Z'],
    ['over the hour that comes twice in Berlin', '2026-10-25T01:10:00.000Z', '2026-10-25T00:55:00Z'],
    ['over the hour that is left out in New York', '2026-03-08T07:05:00.000Z', '2026-03-08T06:50:00Z'],
    ['over a leap day', '2028-03-01T00:10:00.000Z', '2028-02-29T23:55:00Z'],
    ['over the end of a year', '2027-01-01T00:10:00.000Z', '2026-12-31T23:55:00Z'],
  ])('begins a quarter of an hour before the last one ended %s, in whole seconds of UTC', (_, readUntil, start) => {
    const from = Date.parse(readUntil);
    const end = `${new Date(from + 60_999).toISOString().slice(0, 19)}Z`;
    expect(nextFeedWindow(from, from + 60_000)).toEqual({ start, end });
  });

  it('is none when more was missed than the feeds tell of', () => {
    const now = Date.parse('2026-11-21T12:00:00Z');
    expect(nextFeedWindow(now - 29 * 86_400_000, now)).not.toBeNull();
    expect(nextFeedWindow(now - 30 * 86_400_000, now)).toBeNull();
  });
});

describe('rows of a feed', () => {
  it.each<[string, Parameters<typeof findChanged>, ReturnType<typeof findChanged>]>([
    ['a row names itself', ['tags', [{ id, name: 'x' }]], [{ by: 'id', entity: 'tags', id }]],
    ['a deletion names its document', ['tags', [{ id: other, document: { id } }]], [{ by: 'id', entity: 'tags', id }]],
    ['a deletion whose document is cut short', ['tags', [{ id, document: {} }]], [{ by: 'id', entity: 'tags', id }]],
    [
      'a task names its project',
      ['tasks', [{ id, projectId: other }]],
      [{ by: 'id', entity: 'tasks', id, parentId: other }],
    ],
    ['a task may not', ['tasks', [{ id, projectId: 7 }]], [{ by: 'id', entity: 'tasks', id }]],
    ['assignments have one list', ['assignments', [{ id }, { id: other }]], [{ by: 'list', entity: 'assignments' }]],
    ['no rows', ['assignments', []], []],
    ['rows without an id', ['tags', [null, 'x', {}, { id: 7 }, { id: '../x' }]], []],
  ])('%s', (_, given, targets) => {
    expect(findChanged(...given)).toEqual(targets);
  });
});

it('ids of a window begin with its first second', () => {
  expect(firstIdOf({ start: '2026-11-21T12:00:00Z', end: '' })).toBe('6b0187c00000000000000000');
});

it('a kind of which no feed tells has no name there', () => {
  expect(getFeedType('time_entries')).toBe('TIME_ENTRY');
  expect(() => getFeedType('holidays')).toThrow('No feed tells of holidays.');
});
