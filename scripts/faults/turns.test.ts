import { expect, it } from '@jest/globals';
import { createTurns } from './turns.ts';

it('lets work be done one after the other, also after one that failed', async () => {
  const turns = createTurns();
  const done: string[] = [];
  const first = Promise.withResolvers<void>();
  const taken = [
    turns.take(async () => {
      await first.promise;
      done.push('first');
    }),
    turns.take(() => Promise.reject(new Error('second'))),
    turns.take(() => Promise.resolve(done.push('third'))),
  ];
  expect(done).toEqual([]);
  first.resolve();
  expect((await Promise.allSettled(taken)).map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(done).toEqual(['first', 'third']);
});
