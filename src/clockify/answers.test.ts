import { describe, expect, it, test } from '@jest/globals';
import type { ErrorCode } from '../domain/errors.ts';
import { assertSuccess, parseJson, readClockSkew, readRetryAfter } from './answers.ts';

const now = new Date('2026-11-21T10:00:00Z');
const body = (code: unknown) => JSON.stringify({ message: 'Tag "Secret plans" is wrong', code });

function failureOf(status: number, text = '', headers: Record<string, string | string[]> = {}): unknown {
  try {
    assertSuccess({ status, headers, text }, now);
    return null;
  } catch (error) {
    return error;
  }
}

describe('an answer', () => {
  it.each([200, 201, 204, 299])('with status %i is a success, whatever its body', (status) => {
    expect(failureOf(status, 'not JSON')).toBeNull();
  });

  it.each<[number, string, string, ErrorCode]>([
    [400, body(501), 'the id does not belong to the workspace any more', 'clockify_entity_gone'],
    [400, body(3000), 'a bad parameter', 'clockify_request_wrong'],
    [400, body(3001), 'a missing parameter', 'clockify_request_wrong'],
    [400, body('501'), 'a number as text is not the number', 'clockify_request_wrong'],
    [400, 'oops', 'no JSON', 'clockify_request_wrong'],
    [401, body(4017), 'the token is dead', 'clockify_token_dead'],
    [401, body(4003), 'an API key that nobody has', 'clockify_token_dead'],
    [401, body(1000), 'no credential that it understood', 'clockify_access_closed'],
    [401, 'API is not accessible', 'a family closed to add-ons', 'clockify_access_closed'],
    [401, body(undefined), 'a missing scope', 'clockify_access_closed'],
    [402, '', 'a plan', 'clockify_feature_gated'],
    [403, body(4030), 'a setting', 'clockify_feature_gated'],
    [404, '', 'an unknown workspace', 'clockify_workspace_unknown'],
    [404, body(3000), 'a path that is not there', 'clockify_request_wrong'],
    [405, body(3000), 'the wrong method', 'clockify_request_wrong'],
    [408, '', 'a slow request', 'clockify_unavailable'],
    [409, '', 'a conflict', 'clockify_request_wrong'],
    [413, '', 'a page that is too large', 'clockify_page_too_large'],
    [425, '', 'too early', 'clockify_unavailable'],
    [429, '', 'too many requests', 'clockify_rate_limited'],
    [500, body(501), 'a fault', 'clockify_unavailable'],
    [502, '<html>Bad gateway</html>', 'a gateway', 'clockify_unavailable'],
    [503, '', 'an outage', 'clockify_unavailable'],
    [504, '', 'a slow backend', 'clockify_unavailable'],
    [301, '', 'a redirect', 'egress_refused'],
    [307, '', 'a redirect that keeps the method', 'egress_refused'],
    [304, '', 'a cache nobody asked', 'egress_refused'],
    [101, '', 'something that is no answer', 'clockify_request_wrong'],
  ])('%i with %j means %s', (status, text, _, code) => {
    expect(failureOf(status, text)).toMatchObject({ name: 'AddonError', code, details: { status } });
  });

  it('is told by its numbers and never by its message, which repeats what was sent', () => {
    const failure = failureOf(400, body(501));
    expect(failure).toHaveProperty('details', { status: 400, errorNumber: 501 });
    expect(`${String(failure)} ${JSON.stringify(failure)}`).not.toContain('Secret plans');
  });

  it.each(['null', '[]', '"text"', '{"code":null}', '{"code":{}}', '{'])('with the body %s has no number', (text) => {
    expect(failureOf(500, text)).toHaveProperty('details', { status: 500 });
  });

  it('that asks to slow down says for how long', () => {
    expect(failureOf(429, '', { 'retry-after': '7' })).toHaveProperty('details', { status: 429, retryAfterMs: 7_000 });
  });

  it('with any other status is not believed when it names a time', () => {
    expect(failureOf(503, '', { 'retry-after': '7' })).toHaveProperty('details', { status: 503 });
  });
});

test.each<[string | string[] | undefined, number | undefined]>([
  [undefined, undefined],
  ['1', 1_000],
  ['120', 120_000],
  ['Sat, 21 Nov 2026 10:00:30 GMT', 30_000],
  ['3600', 900_000],
  ['1000000000', 900_000],
  ['Sat, 21 Nov 2099 10:00:00 GMT', 900_000],
  ['9'.repeat(400), undefined],
  ['0', undefined],
  ['-5', undefined],
  ['Sat, 21 Nov 2026 09:59:59 GMT', undefined],
  ['soon', undefined],
  ['', undefined],
  [['1', '2'], undefined],
])('Retry-After %j is a wait of %p ms', (header, milliseconds) => {
  expect(readRetryAfter(header, now)).toBe(milliseconds);
});

test.each<[string, unknown]>([
  ['', null],
  ['null', null],
  ['[]', []],
  ['{"id":"t1","name":null}', { id: 't1', name: null }],
])('the body %j is %j', (text, value) => {
  expect(parseJson(text)).toEqual(value);
});

test.each(['<html></html>', '[{"id":"t1"}', '{"id":', ' ', 'NaN', '\ufeff[]'])('the body %j is malformed', (text) => {
  expect(() => parseJson(text)).toThrow(expect.objectContaining({ code: 'clockify_answer_malformed' }));
});

describe('the clock of whoever answered', () => {
  const date = now.toUTCString();

  it.each([0, 45_000, -45_000])('is read from the Date header, %i ms off', (skew) => {
    expect(readClockSkew(date, now.getTime() - skew)).toEqual({ clockSkewMs: skew + 500 });
  });

  it.each([undefined, '', 'soon', [date, date]])('is unknown with the header %j', (header) => {
    expect(readClockSkew(header, now.getTime())).toEqual({});
  });
});
