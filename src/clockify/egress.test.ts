import { describe, expect, it, test } from '@jest/globals';
import fc from 'fast-check';
import { assertAllowedUrl, buildUrl } from './egress.ts';

const clockify = ['*.clockify.me', '*.clockify.com'];
const refused = expect.objectContaining({ code: 'egress_refused' });

describe('a base of the platform is allowed', () => {
  it.each([
    'https://api.clockify.me/api/v1',
    'https://reports.api.clockify.me/v1',
    'https://euc1.clockify.me/api/v1',
    'https://use2.clockify.me/report/v1',
    'https://euw2.clockify.me/api/v1',
    'https://apse2.clockify.me/report/v1',
    'https://developer.clockify.me/api/v1',
    'https://acme.clockify.me/report/v1',
    'https://api.clockify.com/api/v1',
  ])('%s', (url) => {
    expect(() => assertAllowedUrl(new URL(url), clockify)).not.toThrow();
  });

  it.each([
    ['in capitals', 'https://API.Clockify.ME/'],
    ['with its dot for the root', 'https://api.clockify.me./'],
    ['with full-width dots', 'https://api。clockify．me/'],
    ['with the default port spelled out', 'https://api.clockify.me:443/'],
  ])('%s, for it is the same host', (_, url) => {
    expect(() => assertAllowedUrl(new URL(url), clockify)).not.toThrow();
  });
});

describe('an address is refused', () => {
  it.each([
    ['of a domain that only begins like the platform', 'https://evil.clockify.me.attacker.com/'],
    ['of a domain that only ends like the platform', 'https://evilclockify.me/'],
    ['of the bare domain, which is no sub-domain', 'https://clockify.me/'],
    ['of the suffix alone', 'https://me/'],
    ['with the platform in its path', 'https://attacker.com/api.clockify.me'],
    ['with the platform in its query', 'https://attacker.com/?api.clockify.me'],
    ['with the platform as its fragment', 'https://attacker.com/#.clockify.me'],
    ['with a backslash before the platform', 'https://attacker.com\\.clockify.me/'],
    ['with an encoded dot behind the platform', 'https://api.clockify.me%2eevil.com/'],
    ['with a tab behind the platform', 'https://api.clockify.me\t.evil.com/'],
    ['with two dots for the root', 'https://api.clockify.me../'],
    ['with letters that look the same', 'https://api.clосkify.me/'],
    ['in plain text', 'http://api.clockify.me/'],
    ['in plain text on the TLS port', 'http://api.clockify.me:443/'],
    ['by another protocol', 'ftp://api.clockify.me/'],
    ['by a protocol without hosts', 'data:text/plain,api.clockify.me'],
    ['by a protocol that is not special', 'clockify://api.clockify.me/'],
    ['by WebSocket', 'wss://api.clockify.me/'],
    ['on another port', 'https://api.clockify.me:8443/'],
    ['on port nought', 'https://api.clockify.me:0/'],
    ['with a user', 'https://api@api.clockify.me/'],
    ['with a password', 'https://:secret@api.clockify.me/'],
    ['with the platform as the user', 'https://api.clockify.me@attacker.com/'],
    ['with the platform as user and password', 'https://api.clockify.me:443@attacker.com/'],
    ['of this machine', 'https://localhost/'],
    ['of this machine below the platform in name only', 'https://localhost.clockify.me.localhost/'],
    ['as an IP address', 'https://127.0.0.1/'],
    ['as a short IP address', 'https://127.1/'],
    ['as one number', 'https://2130706433/'],
    ['as nought', 'https://0/'],
    ['in hexadecimal', 'https://0x7f.1/'],
    ['as one hexadecimal number', 'https://0x7f000001/'],
    ['in octal', 'https://0177.0.0.1/'],
    ['as one octal number', 'https://017700000001/'],
    ['in circled digits', 'https://①②⑦.⓪.⓪.①/'],
    ['as the address of cloud metadata', 'https://169.254.169.254/'],
    ['as an IPv6 address', 'https://[::1]/'],
    ['as an IPv4 address inside IPv6', 'https://[::ffff:127.0.0.1]/'],
    ['as a NAT64 address', 'https://[64:ff9b::7f00:1]/'],
    ['as a 6to4 address', 'https://[2002:7f00:1::]/'],
    ['as a wildcard', 'https://*.clockify.me.evil.com/'],
  ])('%s', (_, url) => {
    expect(() => assertAllowedUrl(new URL(url), clockify)).toThrow(refused);
  });

  it('when nothing is allowed', () => {
    expect(() => assertAllowedUrl(new URL('https://api.clockify.me'), [])).toThrow(refused);
  });

  it('by host alone: neither path, query nor user is repeated', () => {
    expect.assertions(1);
    try {
      assertAllowedUrl(new URL('https://user:secret@attacker.com/path?token=secret'), clockify);
    } catch (error) {
      expect(JSON.stringify(error)).not.toMatch(/secret|path/);
    }
  });
});

describe('an entry of the list', () => {
  it('without a wildcard allows that host and nothing below or above it', () => {
    const exact = ['api.clockify.me'];
    expect(() => assertAllowedUrl(new URL('https://api.clockify.me/api'), exact)).not.toThrow();
    for (const host of ['euc1.clockify.me', 'reports.api.clockify.me', 'clockify.me']) {
      expect(() => assertAllowedUrl(new URL(`https://${host}/`), exact)).toThrow(refused);
    }
  });

  it('that is an origin allows exactly that origin', () => {
    const simulator = ['http://127.0.0.1:4010'];
    expect(() => assertAllowedUrl(new URL('http://127.0.0.1:4010/api/v1'), simulator)).not.toThrow();
    for (const other of [
      'http://127.0.0.1:4011/',
      'http://127.0.0.1/',
      'https://127.0.0.1:4010/',
      'http://localhost:4010/',
      'http://user@127.0.0.1:4010/',
      'http://127.0.0.10:4010/',
    ]) {
      expect(() => assertAllowedUrl(new URL(other), simulator)).toThrow(refused);
    }
  });
});

const base = 'https://api.clockify.me/api';
const template = '/v1/workspaces/{workspaceId}/projects/{projectId}/tasks';
const build = (projectId: string) => buildUrl(base, template, { workspaceId: 'w1', projectId });
const segmentsOf = ({ pathname }: URL) => pathname.split('/');
const expected = segmentsOf(new URL(base + template.replaceAll(/[{}]/g, '')));

/** What a value may lead to: a refusal, or an address that differs from the template in its own segment only. */
function expectOwnSegmentOnly(value: string): void {
  let url: URL;
  try {
    url = build(value);
  } catch (error) {
    expect(error).toMatchObject({ name: 'AddonError', code: 'invalid_request' });
    return;
  }
  const segments = segmentsOf(url);
  expect(decodeURIComponent(segments[6] ?? '')).toBe(value);
  expect(segments.with(6, 'projectId')).toEqual(expected.with(4, 'w1'));
  expect([url.origin, url.search, url.hash]).toEqual(['https://api.clockify.me', '', '']);
}

describe('a path parameter', () => {
  it('takes its place in the template', () => {
    expect(build('p1').href).toBe('https://api.clockify.me/api/v1/workspaces/w1/projects/p1/tasks');
  });

  it.each([
    ['nothing', ''],
    ['a dot', '.'],
    ['two dots', '..'],
    ['a climb', '../users'],
    ['a climb with a backslash', '..\\users'],
    ['a slash', 'p1/members'],
    ['a leading slash', '/p1'],
    ['another host', '//attacker.com'],
    ['a backslash', 'p1\\members'],
    ['a tab between dots', '.\t.'],
    ['a line feed between dots', '.\n.'],
    ['a header', 'p1\r\nx-addon-token: stolen'],
    ['a NUL', 'p1\0'],
    ['a delete', 'p1\u007f'],
    ['half a character', 'p1\ud800'],
  ])('that is %s is refused', (_, value) => {
    expect(() => build(value)).toThrow(
      expect.objectContaining({ code: 'invalid_request', details: { name: 'projectId' } }),
    );
  });

  it('that is missing is refused by name', () => {
    expect(() => buildUrl(base, template, { workspaceId: 'w1' })).toThrow(
      expect.objectContaining({ details: { name: 'projectId' } }),
    );
  });

  it.each([
    '%2e%2e',
    '%2e',
    '.%2e',
    '%2e.',
    '%252e%252e',
    '..%2f',
    '%2f..%2f',
    '%5c..%5c',
    '..%00',
    '...',
    '. .',
    '..;',
    '\uff0e\uff0e',
    '\u2024\u2024',
    '\u2215',
    '\uff0f',
    '%c0%ae%c0%ae',
    '?archived=true',
    '#fragment',
    '@attacker.com',
    'user:password@attacker.com',
    ':8080',
    '{workspaceId}',
    '$&',
    "$'",
    '*',
    "' or 1=1 --",
    'a b',
    '\u202e',
    '😀',
    'x'.repeat(10_000),
  ])('%j changes its own segment and nothing else', expectOwnSegmentOnly);

  it('changes its own segment and nothing else, whatever it is', () => {
    const nasty = fc.string({ unit: fc.constantFrom(...'.%2eEfF5cC/\\?#@:{}\t\n\0\u007f;$&é\ud800😀'.split('')) });
    fc.assert(fc.property(fc.oneof(nasty, fc.string({ unit: 'binary' })), expectOwnSegmentOnly), { numRuns: 2_000 });
  });
});

describe('a base', () => {
  it.each([
    ['https://api.clockify.me/api', 'https://api.clockify.me/api/v1/user'],
    ['https://use2.clockify.me/report', 'https://use2.clockify.me/report/v1/user'],
    ['https://reports.api.clockify.me', 'https://reports.api.clockify.me/v1/user'],
    ['http://127.0.0.1:4010/api', 'http://127.0.0.1:4010/api/v1/user'],
  ])('%s is kept', (given, url) => {
    expect(buildUrl(given, '/v1/user', {}).href).toBe(url);
  });

  it.each(['https://api.clockify.me/api?x=1', 'https://api.clockify.me/api#x', 'https://api.clockify.me/api/'])(
    '%s would change the path and is refused',
    (given) => {
      expect(() => buildUrl(given, '/v1/user', {})).toThrow(expect.objectContaining({ code: 'invalid_request' }));
    },
  );
});

test('query values are encoded and cannot add parameters', () => {
  const url = buildUrl(base, '/v1/user', {}, { start: '2026-01-01T00:00:00Z', name: 'a&archived=true#b ü' });
  expect([...url.searchParams]).toEqual([
    ['start', '2026-01-01T00:00:00Z'],
    ['name', 'a&archived=true#b ü'],
  ]);
  expect(url.hash).toBe('');
});
