import { describe, expect, it, test } from '@jest/globals';
import { isDenial, readRefusal, Refusal, toRefusal } from './refusal.ts';

const answer = (body: string) => new Response(body, { status: 409 });

describe('an answer that was refused', () => {
  it('is known by its code, and by its request for support', async () => {
    const body = { error: 'conflict', detail: 'Already running.', timestamp: '2026-11-21T10:00:00Z', requestId: 'r1' };
    expect(await readRefusal(answer(JSON.stringify(body)))).toMatchObject({ code: 'conflict', requestId: 'r1' });
  });

  it.each(['<html>Bad gateway</html>', '', 'null', '[]', '{"message":"no"}', '{"error":"toString"}', '{"error":7}'])(
    'is unreadable when it names no known code: %j',
    async (body) => {
      expect(await readRefusal(answer(body))).toMatchObject({ code: 'unreadable', requestId: null });
    },
  );
});

test('a failure without a code counts as an answer that could not be read', () => {
  expect(toRefusal(new SyntaxError('Unexpected token')).code).toBe('unreadable');
});

test.each([
  ['invalid_token', true],
  ['forbidden', true],
  ['workspace_mismatch', true],
  ['installation_inactive', true],
  ['storage_unavailable', false],
  ['conflict', false],
  ['unreachable', false],
] as const)('%s keeps the viewer out: %p', (code, denied) => {
  expect(isDenial(new Refusal(code))).toBe(denied);
});
