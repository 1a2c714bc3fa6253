import { expect, test } from '@jest/globals';
import { AddonError } from '../domain/errors.ts';
import { fromStorage, mayPass } from './storage.ts';

const withCode = (code: string) => Object.assign(new Error('x'), { code });

test('a query that works gives its result', async () => {
  expect(await fromStorage(Promise.resolve(7))).toBe(7);
});

test.each<[string, Error]>([
  ['a refused connection', withCode('ECONNREFUSED')],
  ['an unknown host', withCode('ENOTFOUND')],
  ['a server that shuts down', withCode('57P01')],
  ['too many connections', withCode('53300')],
  ['a lost connection', withCode('08006')],
  ['a full pool', new Error('timeout exceeded when trying to connect')],
  ['a cut connection', new Error('Connection terminated unexpectedly')],
  ['one of these inside another error', new Error('driver', { cause: withCode('ECONNRESET') })],
])('%s means that the storage is away', async (_, error) => {
  await expect(fromStorage(Promise.reject(error))).rejects.toMatchObject({ code: 'storage_unavailable' });
});

test.each<[string, Error]>([
  ['a violated key', withCode('23505')],
  ['a bug', new TypeError('x is not a function')],
  ['our own refusal', new AddonError('not_found', 'No.')],
])('%s stays what it is', async (_, error) => {
  await expect(fromStorage(Promise.reject(error))).rejects.toBe(error);
});

test.each<[string, Error, boolean]>([
  ['a cut connection', new Error('Connection terminated unexpectedly'), true],
  ['a statement that took too long', withCode('57014'), true],
  ['a lock that did not come', withCode('55P03'), true],
  ['a deadlock', withCode('40P01'), true],
  ['a column that a migration will add', withCode('42703'), true],
  ['a deadlock inside another error', new Error('driver', { cause: withCode('40P01') }), true],
  ['a value the database does not take', withCode('22021'), false],
  ['a violated key', withCode('23505'), false],
  ['too complex a statement', withCode('54001'), false],
  ['a bug', new TypeError('x is not a function'), false],
])('%s may pass with a later try: %p', (_, error, expected) => {
  expect(mayPass(error)).toBe(expected);
});
