import { ApplicationFailure } from '@temporalio/common';
import type { ActivityExecuteInput, ActivityInboundCallsInterceptor, Next } from '@temporalio/worker';
import { AddonError, isRetryable } from '../domain/errors.ts';

/** Tells Temporal what an error means: its code becomes the type, and only errors that repeating can cure are repeated. */
export function toApplicationFailure(error: unknown): unknown {
  if (!(error instanceof AddonError)) return error;
  return ApplicationFailure.create({
    type: error.code,
    message: error.message,
    nonRetryable: !isRetryable[error.code],
  });
}

/** Applied to every activity, so that none repeats it. `onFailure` hears of each expected failure, for metrics. */
export const createFailureInterceptor = (onFailure: (error: AddonError) => void): ActivityInboundCallsInterceptor => ({
  async execute(input: ActivityExecuteInput, next: Next<ActivityInboundCallsInterceptor, 'execute'>): Promise<unknown> {
    try {
      return await next(input);
    } catch (error) {
      if (error instanceof AddonError) onFailure(error);
      throw toApplicationFailure(error);
    }
  },
});
