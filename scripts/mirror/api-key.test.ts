import { expect, test } from '@jest/globals';
import { inspect } from 'node:util';
import { takeApiKey } from './api-key.ts';

const key = 'bm90LWEta2V5+/=';

test('the key leaves the environment, and shows itself only when asked', () => {
  const env = { CLOCKIFY_API_KEY: ` ${key}\n`, PATH: '/bin' };
  const taken = takeApiKey(env, ['--yes']);
  expect(env).toEqual({ PATH: '/bin' });
  expect(taken.reveal()).toBe(key);
  expect(inspect({ taken }) + JSON.stringify({ taken })).not.toContain(key);
});

test.each([
  [{}, [], 'Set CLOCKIFY_API_KEY to your API key'],
  [{ CLOCKIFY_API_KEY: ' ' }, [], 'Set CLOCKIFY_API_KEY to your API key'],
  [{ CLOCKIFY_API_KEY: 'two words' }, [], 'does not hold an API key'],
  [{ CLOCKIFY_API_KEY: 'schlüssel' }, [], 'does not hold an API key'],
  [{ CLOCKIFY_API_KEY: 'a\nb' }, [], 'does not hold an API key'],
  [{ CLOCKIFY_API_KEY: 'x'.repeat(513) }, [], 'does not hold an API key'],
  [{ CLOCKIFY_API_KEY: key }, [`--data=/tmp/${key}`], 'make a new one in Clockify'],
])('%j with arguments %j is refused, and the key is not quoted', (env, args, sentence) => {
  const given: NodeJS.ProcessEnv = { ...env };
  expect(() => takeApiKey(given, args)).toThrow(sentence);
  expect(() => takeApiKey({ ...env }, args)).not.toThrow(key);
  expect(given).toEqual({});
});
