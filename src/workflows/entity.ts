import {
  ActivityFailure,
  ApplicationFailure,
  condition,
  continueAsNew,
  isCancellation,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import type { EntityRunRef, SettledEntity } from '../activities/bootstrap.ts';
import { isErrorCode } from '../domain/errors.ts';
import type { ReadPagesResult } from '../activities/read-pages.ts';
import { bookkeeping, reading, settling } from './activity-options.ts';
import { controlSignal } from './messages.ts';
import type { Control } from './messages.ts';

export interface EntityInput extends EntityRunRef {
  readonly loops: number;
  readonly requestId: string;
  readonly control: Control;
  /** The reading this is, counted from 1: what changes meanwhile is read again. */
  readonly pass?: number;
}

export interface EntityResult extends SettledEntity {
  /** The token is dead, the workspace gone or the run unknown to the database: nothing else of it can be read either. */
  readonly endsRun: boolean;
}

/** A list that changes all the time is not read for ever. */
const mostPasses = 3;

const endsRun = ['clockify_token_dead', 'clockify_workspace_unknown', 'egress_refused', 'not_found'];

/** Reads one kind of rows to the end, through pauses and crashes. Its own failure is a result, never an exception. */
export async function entityWorkflow(input: EntityInput): Promise<EntityResult> {
  const { requestId, loops, control: given, pass = 1, ...ref } = input;
  let control = given;
  setHandler(controlSignal, (order) => {
    if (order.version > control.version) control = order;
  });

  /** A page loop until it ends; `more` when this run's history has grown enough and the next one should go on. */
  async function runLoop(loop: number): Promise<ReadPagesResult> {
    for (;;) {
      await condition(() => !control.paused);
      const result = await reading.readPages({ ...ref, loop, requestId });
      if (result.state === 'done' || result.state === 'skipped') return result;
      if (result.state === 'halted') {
        const { controlVersion } = result;
        await condition(() => control.version > controlVersion && !control.paused);
      }
      if (result.state === 'waiting') await sleep(result.retryAfterMs, { summary: 'waiting for the budget' });
      if (workflowInfo().continueAsNewSuggested) return { state: 'more' };
    }
  }

  try {
    setCurrentDetails(`Reading **${ref.entity}** in ${loops} page loop(s).`);
    const results = await Promise.all(Array.from({ length: loops }, (_, loop) => runLoop(loop)));
    const skipped = results.find((result) => result.state === 'skipped');
    if (skipped !== undefined) return await giveUp(ref, 'skipped', skipped.reason);
    const next = { ...input, control };
    if (results.some(({ state }) => state === 'more')) return await continueAsNew<typeof entityWorkflow>(next);
    const settled = await settling.settleEntity({ ...ref, mayRepeat: pass < mostPasses });
    if (settled === 'again') return await continueAsNew<typeof entityWorkflow>({ ...next, pass: pass + 1 });
    setCurrentDetails(`Read **${ref.entity}**: ${settled.rows} rows. ${settled.reason ?? 'Complete.'}`);
    return { ...settled, endsRun: false };
  } catch (error) {
    if (isCancellation(error) || !(error instanceof ActivityFailure)) throw error;
    const cause = error.cause instanceof ApplicationFailure ? error.cause : undefined;
    const failed = await giveUp(ref, 'failed', cause?.message ?? 'The reading failed.', cause?.type);
    return { ...failed, endsRun: endsRun.includes(cause?.type ?? '') };
  }
}

async function giveUp(
  ref: EntityRunRef,
  state: 'skipped' | 'failed',
  reason: string,
  code?: string | null,
): Promise<EntityResult> {
  await bookkeeping.giveUpEntity({ ...ref, state, reason, ...(isErrorCode(code) && { code }) });
  setCurrentDetails(`**${ref.entity}** ${state}: ${reason}`);
  return { state, complete: false, rows: 0, reason, endsRun: false };
}
