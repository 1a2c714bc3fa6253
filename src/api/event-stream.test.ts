import { afterEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { text } from 'node:stream/consumers';
import { createEventStream } from './event-stream.ts';
import type { EventStream } from './event-stream.ts';

let stream: EventStream;
afterEach(() => void stream.body.destroy());

const end = { event: 'end', data: { code: 'conflict' } };

test('an event has a type, an id and its data in one line', async () => {
  stream = createEventStream();
  expect(stream.send({ event: 'status', id: 'a1', data: { text: 'two\nlines' } })).toBe(true);
  stream.end(end);
  expect(await text(stream.body)).toBe(
    ': connected\n\nevent: status\nid: a1\ndata: {"text":"two\\nlines"}\n\nevent: end\ndata: {"code":"conflict"}\n\n',
  );
});

test('a comment says now and then that the stream lives', async () => {
  stream = createEventStream(1);
  let seen = '';
  const { promise: enough, resolve } = Promise.withResolvers<void>();
  stream.body.setEncoding('utf8').on('data', (piece) => {
    seen += String(piece);
    if (seen.split(': keep-alive\n\n').length > 2) resolve();
  });
  await enough;
  expect(seen).toMatch(/^: connected\n\n(: keep-alive\n\n){2,}$/);
});

test('a reader that is behind is given nothing until he has caught up', async () => {
  stream = createEventStream();
  const large = { event: 'status', data: 'x'.repeat(100_000) };
  expect(stream.send(large)).toBe(true);
  expect(stream.send(large)).toBe(false);
  const drained = once(stream.body, 'drain');
  stream.body.resume();
  await drained;
  expect(stream.send(large)).toBe(true);
});

test('a stream that nobody reads keeps no timer', () => {
  const timers = () => process.getActiveResourcesInfo().filter((resource) => resource === 'Timeout').length;
  const before = timers();
  stream = createEventStream();
  expect(timers()).toBe(before);
});

test('nothing follows the end', async () => {
  stream = createEventStream(1);
  stream.end(end);
  stream.end(end);
  expect(stream.send(end)).toBe(false);
  expect((await text(stream.body)).split('event: end')).toHaveLength(2);
});

test('nothing is sent to a reader who is gone', async () => {
  stream = createEventStream();
  stream.body.destroy();
  await once(stream.body, 'close');
  expect(stream.send(end)).toBe(false);
  expect(() => stream.end(end)).not.toThrow();
});
