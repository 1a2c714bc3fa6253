import { describe, expect, it } from '@jest/globals';
import { AddonError } from '../domain/errors.ts';
import type { ErrorCode } from '../domain/errors.ts';
import { withRetries } from './retries.ts';

const failure = (code: ErrorCode, details = {}) => new AddonError(code, 'A sentence.', details);
const run = async (failures: readonly Error[], signal = AbortSignal.timeout(5_000)) => {
  const seen: boolean[] = [];
  const result = await withRetries(
    (isRepeat) => {
      const error = failures[seen.length];
      seen.push(isRepeat);
      return error === undefined ? Promise.resolve('done') : Promise.reject(error);
    },
    { signal, firstPauseMs: 1 },
  ).catch((error: unknown) => error);
  return { seen, result };
};
const broken = failure('clockify_unavailable');

describe('work that fails', () => {
  it('is done again until it succeeds, and told so', async () => {
    expect(await run([broken, broken])).toEqual({ seen: [false, true, true], result: 'done' });
  });

  it('is tried five times at most', async () => {
    const { seen, result } = await run(Array.from({ length: 9 }, () => broken));
    expect([seen.length, result]).toEqual([5, broken]);
  });

  it.each<[string, Error]>([
    ['a refusal', failure('clockify_access_closed')],
    ['a fault of ours', new TypeError('undefined is not a function')],
    ['a pause that is asked for and too long', failure('clockify_rate_limited', { retryAfterMs: 11 })],
  ])('is not done again after %s', async (_, error) => {
    expect(await run([error])).toEqual({ seen: [false], result: error });
  });

  it('is done again after a pause that is short enough', async () => {
    expect(await run([failure('clockify_rate_limited', { retryAfterMs: 10 })])).toMatchObject({ result: 'done' });
  });

  it('is not done again once it was called off', async () => {
    const controller = new AbortController();
    controller.abort();
    const { seen, result } = await run([broken], controller.signal);
    expect(seen).toEqual([false]);
    expect(result).toMatchObject({ name: 'AbortError' });
  });
});
