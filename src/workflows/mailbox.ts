import { continueAsNew, defineSignal, setCurrentDetails, setHandler, sleep, workflowInfo } from '@temporalio/workflow';
import { signalNames } from '../domain/contract.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { draining } from './activity-options.ts';

const deliveriesSignal = defineSignal(signalNames.deliveries);

const longestPauseMs = 60_000;

/**
 * One per installation that has deliveries: has them processed until none is left. Deliveries stay in Postgres; what
 * comes here is that there are some.
 */
export async function mailboxWorkflow(ref: InstallationRef): Promise<void> {
  let isNudged = false;
  let pauses = 0;
  setHandler(deliveriesSignal, () => void (isNudged = true), { description: 'Deliveries wait to be processed.' });

  for (;;) {
    isNudged = false;
    const result = await draining.drainMailbox(ref);
    if (result.state === 'waiting') {
      pauses += 1;
      const pauseMs = Math.max(result.retryAfterMs, Math.min(longestPauseMs, 1_000 * 2 ** pauses));
      setCurrentDetails(`Pausing for ${Math.round(pauseMs / 1000)} s: the budget is used up, or Clockify is away.`);
      await sleep(pauseMs, { summary: 'waiting for the budget' });
    } else pauses = 0;
    const isDone = (result.state === 'empty' || result.state === 'halted') && !isNudged;
    if (isDone) return;
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof mailboxWorkflow>(ref);
  }
}
