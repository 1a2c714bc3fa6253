import { describe, expect, it, test } from '@jest/globals';
import { createSecretKey, randomBytes } from 'node:crypto';
import { Secret } from './secret.ts';
import { createTokenSeal } from './token-seal.ts';

const keyNamed = (id: string) => ({ id, key: createSecretKey(randomBytes(32)) });
const [older, newer] = [keyNamed('2025'), keyNamed('2026')];
const context = 'installations/token/w1/a1';
const seal = createTokenSeal([older]);

test('what was sealed opens under its own context', () => {
  expect(seal.open(seal.seal(new Secret('the token'), context), context).reveal()).toBe('the token');
  expect(seal.open(seal.seal('ünïcode 🔑', context), context).reveal()).toBe('ünïcode 🔑');
});

test('the sealed text holds the key id, never the secret, and differs each time', () => {
  const [first, second] = [seal.seal('the token', context), seal.seal('the token', context)];
  expect(first).toMatch(/^v1\.2025\.[\w-]+\.[\w-]+\.[\w-]+$/);
  expect(first).not.toContain(Buffer.from('the token').toString('base64url'));
  expect(first).not.toBe(second);
});

test('after a rotation the first key seals and every listed key opens', () => {
  const rotated = createTokenSeal([newer, older]);
  expect(rotated.open(seal.seal('old', context), context).reveal()).toBe('old');
  expect(rotated.seal('new', context)).toMatch(/^v1\.2026\./);
});

test('what an older key sealed is told from what the first key sealed', () => {
  const rotated = createTokenSeal([newer, older]);
  expect(rotated.isCurrent(rotated.seal('new', context))).toBe(true);
  expect(rotated.isCurrent(seal.seal('old', context))).toBe(false);
});

test('a seal needs a key', () => {
  expect(() => createTokenSeal([])).toThrow('at least one key');
});

describe('refuses to open', () => {
  const sealed = seal.seal('the token', context);
  const refused = (text: string, place = context) => expect(() => seal.open(text, place)).toThrow('cannot be opened');

  it('under another context', () => refused(sealed, 'installations/token/w1/a2'));
  it('by a key that is not configured', () => refused(createTokenSeal([newer]).seal('the token', context)));
  it('by another key of the same name', () => refused(createTokenSeal([keyNamed('2025')]).seal('the token', context)));

  it.each([
    '',
    'v1',
    'v1.2025',
    sealed.replace('v1', 'v2'),
    `${sealed}.x`,
    `${sealed}=`,
    sealed.slice(0, -1),
    ' ' + sealed,
  ])('the text %j', (text) => refused(text));

  it('a shortened tag', () => {
    const parts = sealed.split('.');
    const tag = Buffer.from(parts[4] ?? '', 'base64url');
    refused([...parts.slice(0, 4), tag.subarray(0, 12).toString('base64url')].join('.'));
  });

  it('any flipped bit of iv, ciphertext or tag', () => {
    const parts = sealed.split('.');
    for (const index of [2, 3, 4]) {
      const bytes = Buffer.from(parts[index] ?? '', 'base64url');
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const flipped = Buffer.from(bytes);
        flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        refused(parts.with(index, flipped.toString('base64url')).join('.'));
      }
    }
  });
});
