import { expect, test } from '@jest/globals';
import { digestToken, isSameDigest } from './token-digest.ts';

test('a digest is the hex sha256 of the token', () => {
  expect(digestToken('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
});

test('only equal digests are the same', () => {
  expect(isSameDigest(digestToken('a'), digestToken('a'))).toBe(true);
  expect(isSameDigest(digestToken('a'), digestToken('b'))).toBe(false);
  expect(isSameDigest(digestToken('a'), '')).toBe(false);
  expect(isSameDigest(digestToken('a'), digestToken('a').toUpperCase())).toBe(false);
});
