import {
  ApplicationFailure,
  CancellationScope,
  allHandlersFinished,
  condition,
  continueAsNew,
  isCancellation,
  log,
  setHandler,
  uuid4,
} from '@temporalio/workflow';
import { bootstrapOptionsSchema } from '../domain/bootstrap-options.ts';
import type { BootstrapOptions } from '../domain/bootstrap-options.ts';
import type { RunStatus } from '../domain/bootstrap-status.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { bookkeeping } from './activity-options.ts';
import { installationStatusSignal } from './messages.ts';
import { takeOrders } from './orders.ts';
import type { Ending } from './orders.ts';
import { createRun } from './run.ts';

export interface BootstrapInput extends InstallationRef {
  readonly options: BootstrapOptions;
  readonly requestId: string;
}

/** Copies a workspace: one child for each kind of rows, as many at a time as the workspace's page loops allow. */
export async function bootstrapWorkflow(input: BootstrapInput): Promise<RunStatus> {
  const { requestId, workspaceId, addonId } = input;
  const options = parseOptions(input.options);
  // Not the Temporal run id: a reset goes on with the same rows.
  const ref = { workspaceId, addonId, runId: uuid4() };
  const run = createRun(ref, requestId);
  const reading = new CancellationScope();
  const ending: Ending = { wanted: null, isClosing: false };
  takeOrders({ run, ref, ending, stopReading: () => reading.cancel() });
  setHandler(installationStatusSignal, (status) => run.setStops({ switchedOff: status === 'inactive' }), {
    description: 'Clockify switched the add-on off or on.',
  });
  try {
    const opened = await bookkeeping.openRun({ ...ref, options, requestId });
    if (!opened.isActive) await run.setStops({ switchedOff: true });
    await reading.run(() => run.readAll(opened));
    ending.isClosing = true;
    const status = await bookkeeping.closeRun({ ...ref, ...(run.isOver() && { forced: 'FAILED' }) });
    await condition(allHandlersFinished);
    return status;
  } catch (error) {
    ending.isClosing = true;
    const forced = isCancellation(error) ? 'CANCELLED' : 'FAILED';
    await CancellationScope.nonCancellable(() => bookkeeping.closeRun({ ...ref, forced }));
    if (!isCancellation(error) || ending.wanted === null) throw error;
    log.info('run ended by an order', { wanted: ending.wanted });
    await condition(() => run.isAtRest() && allHandlersFinished());
    return ending.wanted === 'cancel' ? 'CANCELLED' : continueAsNew<typeof bootstrapWorkflow>(input);
  }
}

/** Somebody may start a run by hand; what it says is checked like the API's. */
function parseOptions(options: unknown): BootstrapOptions {
  const parsed = bootstrapOptionsSchema.safeParse(options ?? {});
  if (parsed.success) return parsed.data;
  throw ApplicationFailure.nonRetryable('The options of the run are not understood.', 'validation_failed');
}
