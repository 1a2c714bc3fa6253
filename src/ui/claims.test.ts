import { describe, expect, it, test } from '@jest/globals';
import { decodeClaims, themeOf } from './claims.ts';

const tokenOf = (payload: string) => `e30.${Buffer.from(payload).toString('base64url')}.signature`;

describe('the claims of a token', () => {
  it('are the workspace, theme, language and role', () => {
    const payload = { workspaceId: 'w1', theme: 'DEFAULT', language: 'EN', workspaceRole: 'OWNER', user: 'u1' };
    expect(decodeClaims(tokenOf(JSON.stringify(payload)))).toEqual({
      workspaceId: 'w1',
      user: 'u1',
      theme: 'DEFAULT',
      language: 'EN',
      workspaceRole: 'OWNER',
    });
  });

  it('may lack everything but the workspace', () => {
    const claims = { workspaceId: 'w1', user: null, theme: null, language: null, workspaceRole: null };
    expect(decodeClaims(tokenOf('{"workspaceId":"w1","theme":7}'))).toEqual(claims);
  });

  it('keep characters beyond ASCII and of the URL alphabet', () => {
    expect(decodeClaims(tokenOf('{"workspaceId":"w1","workspaceRole":"Žofie ÿÿ>>??"}'))?.workspaceRole).toBe(
      'Žofie ÿÿ>>??',
    );
  });

  it.each(['', 'token', 'a.%%%.c', tokenOf('no JSON'), tokenOf('null'), tokenOf('[]'), tokenOf('"w1"')])(
    'are refused in %j',
    (token) => {
      expect(decodeClaims(token)).toBeNull();
    },
  );

  it.each(['{}', '{"workspaceId":""}', '{"workspaceId":7}'])('are refused without a workspace: %s', (payload) => {
    expect(decodeClaims(tokenOf(payload))).toBeNull();
  });
});

test.each([
  ['DEFAULT', 'light'],
  ['LIGHT', 'light'],
  ['DARK', 'dark'],
  ['dark-mode', 'dark'],
  ['SEPIA', null],
  ['', null],
  [null, null],
])('the theme claim %p asks for %p', (claim, theme) => {
  expect(themeOf(claim)).toBe(theme);
});
