import { describe, expect, it, test } from '@jest/globals';
import { createEventParser } from './event-parser.ts';

const event = (data: string, type = 'message', lastEventId = '') => ({ type, data, lastEventId });

describe('a stream of events', () => {
  it.each([
    ['data alone', 'data: 1\n\n', [event('1')]],
    ['a type and an id', 'event: status\nid: a1\ndata: {}\n\n', [event('{}', 'status', 'a1')]],
    ['several lines of data', 'data: 1\ndata: 2\n\n', [event('1\n2')]],
    ['no blank after the colon', 'data:1\n\n', [event('1')]],
    ['one blank only', 'data:  1\n\n', [event(' 1')]],
    ['a colon in the data', 'data: {"a":1}\n\n', [event('{"a":1}')]],
    ['a field without a colon', 'data\n\n', [event('')]],
    ['comments', ': keep-alive\n\n: more\ndata: 1\n\n', [event('1')]],
    ['unknown fields', 'retry: 5\ncolour: red\ndata: 1\n\n', [event('1')]],
    ['a type without data, which is no event', 'event: status\n\ndata: 1\n\n', [event('1')]],
    ['an id that lasts', 'id: a1\ndata: 1\n\ndata: 2\n\n', [event('1', 'message', 'a1'), event('2', 'message', 'a1')]],
    ['an id that is taken back', 'id: a1\ndata: 1\n\nid\ndata: 2\n\n', [event('1', 'message', 'a1'), event('2')]],
    ['an id with a null character, which is ignored', 'id: a\0\ndata: 1\n\n', [event('1')]],
    ['line breaks of other systems', 'data: 1\r\n\r\ndata: 2\r\rdata: 3\n\n', [event('1'), event('2'), event('3')]],
    ['an event that is not whole', 'data: 1\n\ndata: 2\n', [event('1')]],
    ['nothing', '', []],
  ])('with %s', (_case, text, events) => {
    expect(createEventParser()(text)).toEqual(events);
  });
});

test('pieces of any size make the same events', () => {
  const text = ': hello\r\nevent: status\r\nid: a1\r\ndata: {"name":"Žofie"}\r\n\r\ndata: 2\n\n';
  for (const size of [1, 2, 3, 5, 7, 100]) {
    const parse = createEventParser();
    const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [];
    expect(pieces.flatMap(parse)).toEqual([event('{"name":"Žofie"}', 'status', 'a1'), event('2', 'message', 'a1')]);
  }
});
