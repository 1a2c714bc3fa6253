import { describe, expect, it } from '@jest/globals';
import { ApplicationFailure } from '@temporalio/common';
import type { ActivityExecuteInput } from '@temporalio/worker';
import { AddonError, isRetryable } from '../domain/errors.ts';
import type { ErrorCode } from '../domain/errors.ts';
import { createFailureInterceptor, toApplicationFailure } from './failures.ts';

const codes = Object.keys(isRetryable) as ErrorCode[];

describe('an expected failure', () => {
  it.each(codes)('%s reaches Temporal under its code, and is repeated only where that can help', (code) => {
    const failure = toApplicationFailure(new AddonError(code, 'A sentence.', { token: 'secret' }));
    expect(failure).toBeInstanceOf(ApplicationFailure);
    expect(failure).toMatchObject({ type: code, message: 'A sentence.', nonRetryable: !isRetryable[code] });
    expect(JSON.stringify(failure)).not.toContain('secret');
  });

  it('of a dead token, a closed family or a reading that is over is final', () => {
    const final: ErrorCode[] = ['clockify_token_dead', 'clockify_access_closed', 'stale_attempt', 'egress_refused'];
    expect(final.filter((code) => isRetryable[code])).toEqual([]);
  });

  it('of an attempt that was overtaken is repeated: an older one may have come late, and then nobody else goes on', () => {
    expect(isRetryable.attempt_overtaken).toBe(true);
  });

  it('that passes is repeated', () => {
    const passing: ErrorCode[] = [
      'clockify_rate_limited',
      'clockify_unavailable',
      'clockify_timeout',
      'clockify_answer_malformed',
      'storage_unavailable',
    ];
    expect(passing.filter((code) => !isRetryable[code])).toEqual([]);
  });
});

describe('the interceptor', () => {
  const input: ActivityExecuteInput = { args: [], headers: {} };

  async function run(next: () => Promise<unknown>): Promise<{ heard: AddonError[]; outcome: unknown }> {
    const heard: AddonError[] = [];
    const interceptor = createFailureInterceptor((error) => void heard.push(error));
    const outcome = await interceptor.execute?.(input, next).catch((error: unknown) => error);
    return { heard, outcome };
  }

  it('lets results pass', async () => {
    expect(await run(() => Promise.resolve(7))).toEqual({ heard: [], outcome: 7 });
  });

  it('translates an expected failure and tells of it', async () => {
    const error = new AddonError('clockify_timeout', 'Clockify did not answer in time.');
    const { heard, outcome } = await run(() => Promise.reject(error));
    expect(heard).toEqual([error]);
    expect(outcome).toMatchObject({ type: 'clockify_timeout', nonRetryable: false });
  });

  it('lets an unexpected failure pass as it is, such as a cancellation', async () => {
    const error = new Error('cancelled');
    const { heard, outcome } = await run(() => Promise.reject(error));
    expect(heard).toEqual([]);
    expect(outcome).toBe(error);
  });
});
