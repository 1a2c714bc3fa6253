import { expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import { Secret } from './secret.ts';

const secret = new Secret('hunter2');

test.each([
  ['a template', `${String(secret)}`],
  ['JSON', JSON.stringify({ secret })],
  ['inspect', inspect({ nested: { secret } }, { depth: 5, showHidden: true })],
  ['its own properties', JSON.stringify(Object.entries(secret))],
])('a secret does not show in %s', (_, text) => {
  expect(text).not.toContain('hunter2');
});

test('a secret is revealed on request', () => {
  expect(secret.reveal()).toBe('hunter2');
});
