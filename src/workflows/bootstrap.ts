import {
  ApplicationFailure,
  CancellationScope,
  allHandlersFinished,
  condition,
  isCancellation,
  log,
  setHandler,
  uuid4,
} from '@temporalio/workflow';
import type { InstallationRef } from '../domain/contract.ts';
import type { BootstrapOptions } from '../domain/bootstrap-options.ts';
import type { RunStatus } from '../domain/bootstrap-status.ts';
import { bookkeeping } from './activity-options.ts';
import { installationStatusSignal, pauseUpdate, resumeUpdate } from './messages.ts';
import type { OperatorOrder } from './messages.ts';
import { createRun } from './run.ts';

export interface BootstrapInput extends InstallationRef {
  readonly options: BootstrapOptions;
  readonly requestId: string;
}

/** Copies a workspace: one child for each kind of rows, as many at a time as the workspace's page loops allow. */
export async function bootstrapWorkflow({ options, requestId, ...installation }: BootstrapInput): Promise<RunStatus> {
  // Not the Temporal run id: a reset goes on with the same rows.
  const ref = { ...installation, runId: uuid4() };
  const run = createRun(ref, requestId);
  takeOrders(run);
  try {
    const opened = await bookkeeping.openRun({ ...ref, options, requestId });
    if (!opened.isActive) await run.setStops({ switchedOff: true });
    await run.readAll(opened);
    const status = await bookkeeping.closeRun({ ...ref, ...(run.isOver() && { forced: 'FAILED' }) });
    await condition(allHandlersFinished);
    return status;
  } catch (error) {
    const forced = isCancellation(error) ? 'CANCELLED' : 'FAILED';
    await CancellationScope.nonCancellable(() => bookkeeping.closeRun({ ...ref, forced }));
    throw error;
  }
}

type Run = ReturnType<typeof createRun>;

function takeOrders(run: Run): void {
  setHandler(pauseUpdate, (order: OperatorOrder | undefined) => obey(run, order, true), {
    description: 'Stop reading after the pages now on their way. Nothing is lost.',
    validator: (_order: OperatorOrder | undefined) => refuseIf(run.stops.operator, 'The run is paused already.'),
  });
  setHandler(resumeUpdate, (order: OperatorOrder | undefined) => obey(run, order, false), {
    description: 'Go on reading where the run was paused.',
    validator: (_order: OperatorOrder | undefined) => refuseIf(!run.stops.operator, 'The run is not paused.'),
  });
  setHandler(installationStatusSignal, (status) => run.setStops({ switchedOff: status === 'inactive' }), {
    description: 'Clockify switched the add-on off or on.',
  });
}

function obey(run: Run, order: OperatorOrder | undefined, operator: boolean): Promise<void> {
  log.info(operator ? 'run paused' : 'run resumed', { ...order });
  return run.setStops({ operator });
}

function refuseIf(isRefused: boolean, message: string): void {
  if (isRefused) throw ApplicationFailure.nonRetryable(message, 'conflict');
}
