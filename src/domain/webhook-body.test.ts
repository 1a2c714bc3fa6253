import { expect, it, test } from '@jest/globals';
import { assert, property, uint8Array } from 'fast-check';
import { bodies } from '../../test/support/hostile-bodies.ts';
import { readWebhookBody } from './webhook-body.ts';

it.each(bodies)('reads %s', (_, bytes, fault) => {
  expect(readWebhookBody(bytes).fault ?? null).toBe(fault);
});

it('gives JSON without a fault as it came, and replaces characters that cannot be stored', () => {
  const json = (text: string) => readWebhookBody(Buffer.from(text)).json;
  expect(json('{"a" : 1.50}')).toBe('{"a" : 1.50}');
  expect(json('{"a":"\\u00e9"}')).toBe('{"a":"\\u00e9"}');
  expect(json('{"a":"x\\u0000\\ud800"}')).toBe('{"a":"x\\ufffd\\ufffd"}');
  expect(json('"\\u0000"')).toBe('"\\ufffd"');
  expect(json('{')).toBeNull();
});

it.each([
  ['{"workspaceId":"w"}', 'w'],
  ['{"workspaceId":null}', undefined],
  ['{}', undefined],
  ['[{"workspaceId":"w"}]', undefined],
  ['{"project":{"workspaceId":"w"}}', undefined],
  ['{"__proto__":{"workspaceId":"w"}}', undefined],
  ['{"workspaceId":["w"]}', ['w']],
  ['{"workspaceId":"v","workspaceId":"w"}', 'w'],
  ['{"workspaceId":"w","x":"\\u0000"}', 'w'],
  ['null', undefined],
])('finds the workspace that %s names', (text, workspaceId) => {
  expect(readWebhookBody(Buffer.from(text)).workspaceId).toEqual(workspaceId);
});

test('no bytes make it throw, and what it gives as JSON is some', () => {
  assert(
    property(uint8Array({ maxLength: 60 }), (bytes) => {
      const { json } = readWebhookBody(bytes);
      if (json !== null) JSON.parse(json);
    }),
    { numRuns: 2_000 },
  );
});
