import {
  ApplicationFailure,
  CancellationScope,
  ParentClosePolicy,
  condition,
  isCancellation,
  log,
  setCurrentDetails,
  setHandler,
  startChild,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import type { ChildWorkflowHandle } from '@temporalio/workflow';
import { buildEntityWorkflowId } from '../domain/contract.ts';
import type { InstallationRef } from '../domain/contract.ts';
import type { BootstrapOptions } from '../domain/bootstrap-options.ts';
import type { PlannedEntity } from '../domain/bootstrap-plan.ts';
import type { RunStatus } from '../domain/bootstrap-status.ts';
import type { EntityType } from '../domain/entities.ts';
import { bookkeeping } from './activity-options.ts';
import { entityWorkflow } from './entity.ts';
import type { EntityResult } from './entity.ts';
import { controlSignal, installationStatusSignal, pauseUpdate, resumeUpdate } from './messages.ts';
import type { Control, OperatorOrder } from './messages.ts';
import { presentRun } from './run-details.ts';

export interface BootstrapInput extends InstallationRef {
  readonly options: BootstrapOptions;
  readonly requestId: string;
}

type Child = ChildWorkflowHandle<typeof entityWorkflow>;

/** Copies a workspace: one child for each kind of rows, as many at a time as the workspace's page loops allow. */
export async function bootstrapWorkflow({ options, requestId, ...installation }: BootstrapInput): Promise<RunStatus> {
  // Not the Temporal run id: a reset goes on with the same rows.
  const ref = { ...installation, runId: uuid4() };
  const children = new Map<EntityType, Child>();
  const results = new Map<EntityType, EntityResult>();
  let plan: readonly PlannedEntity[] = [];
  let pausedByOperator = false;
  let switchedOff = false;
  let control: Control = { paused: false, version: 0 };

  async function applyControl(): Promise<void> {
    control = { paused: pausedByOperator || switchedOff, version: control.version + 1 };
    showProgress();
    const order = control;
    await bookkeeping.setControl({ ...ref, ...order });
    await Promise.all([...children].filter(([entity]) => !results.has(entity)).map(([, child]) => tell(child, order)));
  }

  setHandler(
    pauseUpdate,
    async (order: OperatorOrder | undefined) => {
      log.info('run paused', { ...order });
      pausedByOperator = true;
      await applyControl();
    },
    {
      description: 'Stop reading after the pages now on their way. Nothing is lost.',
      validator: (_order: OperatorOrder | undefined) => {
        if (pausedByOperator) throw refuse('The run is paused already.');
      },
    },
  );
  setHandler(
    resumeUpdate,
    async (order: OperatorOrder | undefined) => {
      log.info('run resumed', { ...order });
      pausedByOperator = false;
      await applyControl();
    },
    {
      description: 'Go on reading where the run was paused.',
      validator: (_order: OperatorOrder | undefined) => {
        if (!pausedByOperator) throw refuse('The run is not paused.');
      },
    },
  );
  setHandler(installationStatusSignal, async (status) => {
    switchedOff = status === 'inactive';
    await applyControl();
  });

  function showProgress(): void {
    setCurrentDetails(presentRun({ plan, children, results, pausedByOperator, switchedOff }));
  }

  /** Loops in use by running children. */
  const busyLoops = (): number =>
    plan
      .filter(({ entity }) => children.has(entity) && !results.has(entity))
      .reduce((sum, { loops }) => sum + loops, 0);

  async function readEntity({ entity, loops }: PlannedEntity): Promise<void> {
    const child = await startChild(entityWorkflow, {
      workflowId: buildEntityWorkflowId(ref, entity),
      args: [{ ...ref, entity, loops, requestId, control }],
      parentClosePolicy: ParentClosePolicy.REQUEST_CANCEL,
      staticSummary: `Read ${entity}`,
    });
    children.set(entity, child);
    showProgress();
    results.set(entity, await child.result());
    showProgress();
  }

  /** A kind whose parents were skipped or failed cannot be read either. */
  async function skipFor(entity: EntityType, parent: EntityType): Promise<void> {
    const reason = `It is read per row of ${parent}, which could not be read.`;
    await bookkeeping.giveUpEntity({ ...ref, entity, state: 'skipped', reason });
    results.set(entity, { state: 'skipped', complete: false, rows: 0, reason, endsRun: false });
    showProgress();
  }

  async function schedule(planned: PlannedEntity, concurrency: number): Promise<void> {
    const isOver = (): boolean => [...results.values()].some((result) => result.endsRun);
    const isReady = (): boolean => planned.after.every((entity) => results.has(entity));
    await condition(() => isOver() || isReady());
    const unread = planned.after.find((entity) => entity !== 'workspace' && results.get(entity)?.state !== 'read');
    if (isOver()) return skipFor(planned.entity, 'workspace');
    if (unread !== undefined) return skipFor(planned.entity, unread);
    await condition(() => isOver() || busyLoops() === 0 || busyLoops() + planned.loops <= concurrency);
    if (isOver()) return skipFor(planned.entity, 'workspace');
    return readEntity(planned);
  }

  try {
    const opened = await bookkeeping.openRun({ ...ref, options, requestId });
    plan = opened.plan;
    if (!opened.isActive) {
      switchedOff = true;
      await applyControl();
    }
    await Promise.all(plan.map((planned) => schedule(planned, opened.concurrency)));
    const endedEarly = [...results.values()].some((result) => result.endsRun);
    const status = await bookkeeping.closeRun({ ...ref, ...(endedEarly && { forced: 'FAILED' as const }) });
    setCurrentDetails(`${presentRun({ plan, children, results, pausedByOperator, switchedOff })}\n\n**${status}**`);
    return status;
  } catch (error) {
    await CancellationScope.nonCancellable(() =>
      bookkeeping.closeRun({ ...ref, forced: isCancellation(error) ? 'CANCELLED' : 'FAILED' }),
    );
    throw error;
  }
}

const refuse = (message: string): ApplicationFailure => ApplicationFailure.nonRetryable(message, 'conflict');

/** A child that ended in the meantime needs no order any more. */
async function tell(child: Child, order: Control): Promise<void> {
  try {
    await child.signal(controlSignal, order);
  } catch (error) {
    if (isCancellation(error)) throw error;
  }
}
