import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { LineChanges } from '../db/inbox-changes.ts';
import type { InboxLine } from '../domain/inbox.ts';
import { createLogger } from '../platform/logger.ts';
import { createInboxFeed } from './inbox-feed.ts';
import type { InboxFeed, InboxNews } from './inbox-feed.ts';

const ref = { workspaceId: 'w1', addonId: 'a1' };
const at = (second: number): string => `2026-11-21T10:00:${String(second).padStart(2, '0')}.000000Z`;

interface Look {
  readonly since: string;
  readonly answer: PromiseWithResolvers<LineChanges>;
}

let looks: Look[];
let onLook: () => void;
let feed: InboxFeed;

beforeEach(() => {
  looks = [];
  onLook = () => {};
  feed = createInboxFeed({
    everyMs: 1,
    log: createLogger('silent', { write: () => {} }),
    load(_ref, since) {
      looks.push({ since, answer: Promise.withResolvers<LineChanges>() });
      onLook();
      return looks.at(-1)?.answer.promise ?? Promise.reject(new Error('no look'));
    },
  });
});
afterEach(async () => {
  onLook = () => looks.at(-1)?.answer.resolve({ lines: [], until: at(59) });
  onLook();
  await feed.close();
});

const line = (id: string, second: number) => ({ id, changedAt: at(second) }) as InboxLine;

/** Answers the look under way, and resolves with the place from which the next one asks. */
async function answerLook(until: number, ...lines: InboxLine[]): Promise<string | undefined> {
  const next = new Promise<void>((resolve) => void (onLook = resolve));
  looks.at(-1)?.answer.resolve({ lines, until: at(until) });
  await next;
  return looks.at(-1)?.since;
}

function listen(place: string | null = null) {
  const told: InboxNews[] = [];
  let takes = true;
  const stop = feed.listen(ref, {
    place,
    onNews: (news) => takes && told.push(news) > 0,
    onEnd: () => {},
  });
  const ids = () => told.map(({ lines }) => lines?.map(({ id }) => id) ?? 'reload');
  return { ids, stop, block: () => void (takes = false), unblock: () => void (takes = true), told };
}

test('who comes without a place loads what there is, and is told what changes from then on', async () => {
  const listener = listen();
  expect(looks[0]?.since).toBe('infinity');
  expect(await answerLook(1)).toBe(at(1));
  await answerLook(3, line('7', 2));
  expect(listener.ids()).toEqual(['reload', ['7']]);
  expect(listener.told.map(({ place }) => place)).toEqual([at(1), at(3)]);
});

test('one look serves all, from the place of who is furthest behind, and tells each what he does not know', async () => {
  const [behind, ahead] = [listen(at(1)), listen(at(5))];
  await answerLook(9, line('8', 6), line('7', 2));
  const first = looks.map(({ since }) => since);
  await answerLook(12, line('8', 6), line('7', 2));
  expect([behind.ids(), ahead.ids()]).toEqual([[['8', '7']], [['8']]]);
  expect(first).toHaveLength(2);
});

test('a line that a look brings again is not told again, unless it has changed', async () => {
  const listener = listen(at(1));
  await answerLook(2, line('7', 3));
  await answerLook(2, line('7', 3));
  await answerLook(2, line('7', 4));
  expect(listener.ids()).toEqual([['7'], ['7']]);
});

test('a place never goes back', async () => {
  listen(at(5));
  expect(await answerLook(2)).toBe(at(5));
});

test.each([
  [500, false],
  [501, true],
])('of %d lines it is %p that they are not told one by one', async (count, isTooMuch) => {
  const listener = listen(at(1));
  await answerLook(3, ...Array.from({ length: count }, (_, n) => line(String(n), 2)));
  expect(listener.told.map(({ lines }) => lines === null)).toEqual([isTooMuch]);
});

test('who is behind is told later, and misses nothing', async () => {
  const listener = listen(at(1));
  listener.block();
  expect(await answerLook(3, line('7', 2))).toBe(at(1));
  listener.unblock();
  await answerLook(3, line('7', 2));
  expect(listener.ids()).toEqual([['7']]);
});
