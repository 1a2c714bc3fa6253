import { describe, expect, it } from '@jest/globals';
import { isTrustedOrigin, readToken } from './parent-window.ts';

const production = 'https://app.clockify.me';
const loopback = 'http://127.0.0.1:5173';

describe('an origin is trusted', () => {
  it.each([
    [production, production],
    ['https://clockify.me', production],
    ['https://developer.clockify.me', production],
    ['https://acme.clockify.me', production],
    ['https://acme.euc1.clockify.me', production],
    [loopback, loopback],
    ['http://localhost:5173', 'http://localhost:5173'],
  ])('%s, when %s opened the page', (origin, parentOrigin) => {
    expect(isTrustedOrigin(origin, parentOrigin)).toBe(true);
  });
});

describe('an origin is not trusted', () => {
  it.each([
    ['http://app.clockify.me', production],
    ['https://app.clockify.me:8443', production],
    ['https://app.clockify.me.evil.example', production],
    ['https://evilclockify.me', production],
    ['https://clockify.me@evil.example', production],
    ['https://evil.example', 'https://evil.example'],
    ['null', production],
    ['', ''],
    [loopback, production],
    ['http://127.0.0.1:9', loopback],
    ['http://localhost.evil.example', 'http://localhost.evil.example'],
    ['javascript://clockify.me', production],
  ])('%j, when %s opened the page', (origin, parentOrigin) => {
    expect(isTrustedOrigin(origin, parentOrigin)).toBe(false);
  });
});

describe('the token of a message', () => {
  it.each([
    ['an object', { title: 'refreshAddonToken', body: 'jwt' }],
    ['JSON text', '{"title":"refreshAddonToken","body":"jwt"}'],
  ])('is read from %s', (_form, data) => {
    expect(readToken(data)).toBe('jwt');
  });

  it.each([
    ['another title', { title: 'URL_CHANGED', body: 'https://app.clockify.me/tracker' }],
    ['no title', { body: 'jwt' }],
    ['no body', { title: 'refreshAddonToken' }],
    ['a body that is no text', { title: 'refreshAddonToken', body: { token: 'jwt' } }],
    ['text that is no JSON', 'refreshAddonToken'],
    ['nothing', null],
    ['a number', 7],
  ])('is absent from a message with %s', (_form, data) => {
    expect(readToken(data)).toBeNull();
  });
});
