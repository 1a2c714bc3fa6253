import { AddonError } from '../domain/errors.ts';
import type { WebhookEvent } from '../domain/webhook-events.ts';
import { classifyRefusal } from '../domain/webhook-refusal.ts';
import type { Refusal } from '../domain/webhook-refusal.ts';

export interface WebhookJob {
  readonly event: WebhookEvent;
  readonly run: () => Promise<void>;
}

/** What became of a job; null: it was done. */
export interface JobResult {
  readonly event: WebhookEvent;
  readonly refusal: Refusal | null;
}

const noTime: Refusal = { state: 'failed', reason: 'There was no time left to ask Clockify.', isFinal: true };

/** Runs what Clockify may refuse; any other failure is thrown. */
export async function attempt(signal: AbortSignal, work: () => Promise<unknown>): Promise<Refusal | null> {
  try {
    await work();
    return null;
  } catch (error) {
    if (signal.aborted) return noTime;
    if (error instanceof AddonError) return classifyRefusal(error);
    throw error;
  }
}

/** One job after the other. A refusal that holds for all, or a second one in a row, is that of all the rest. */
export async function runJobs(signal: AbortSignal, jobs: readonly WebhookJob[]): Promise<JobResult[]> {
  const results: JobResult[] = [];
  let last: Refusal | null = null;
  for (const { event, run } of jobs) {
    if (last?.isFinal !== true) {
      const refusal: Refusal | null = await attempt(signal, run);
      last = refusal && { ...refusal, isFinal: refusal.isFinal || last !== null };
    }
    results.push({ event, refusal: last });
  }
  return results;
}
