import { WorkflowExecutionAlreadyStartedError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { ApplicationFailure, WorkflowNotFoundError } from '@temporalio/common';
import type { BootstrapOptions } from '../domain/bootstrap-options.ts';
import { buildBootstrapWorkflowId, queryNames, taskQueue, workflowNames } from '../domain/contract.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { AddonError } from '../domain/errors.ts';
import type { OperatorOrder, OperatorVerb } from '../domain/operator-orders.ts';
import { describeOrigin } from '../domain/workflow-origin.ts';
import type { WorkflowOrigin } from '../domain/workflow-origin.ts';
import { askTemporal } from './temporal.ts';

interface StartedRun {
  readonly jobId: string;
  /** `running`: there was one already, and this is it. */
  readonly status: 'started' | 'running';
}

export interface BootstrapRuns {
  /**
   * Starts a run, or finds the one that is under way: an installation has at most one. One that only has to end is waited
   * for, since whoever saw its result and starts another must not be told of it.
   */
  start(origin: WorkflowOrigin, options: BootstrapOptions): Promise<StartedRun>;
  /**
   * Gives an order to the run under way. Resolves once it is obeyed, with what came of it in a sentence; null when no
   * run is under way. Throws `conflict` when the run cannot obey as things stand.
   */
  order(ref: InstallationRef, verb: OperatorVerb, order: OperatorOrder): Promise<string | null>;
}

const startDeadlineMs = 5_000;
/** A run that no worker can speak for is not waited for; both together stay below the start's own deadline. */
const queryDeadlineMs = 1_000;
const endingDeadlineMs = 3_000;
/** An update is answered by a worker, which may have to load the run first. */
const updateDeadlineMs = 10_000;

/** Steers bootstrap runs through Temporal. Throws `temporal_unavailable` while it does not answer. */
export function createBootstrapRuns(client: Client): BootstrapRuns {
  const { workflow } = client;

  async function startOrFind(origin: WorkflowOrigin, options: BootstrapOptions): Promise<StartedRun> {
    const workflowId = buildBootstrapWorkflowId(origin);
    try {
      const handle = await workflow.start(workflowNames.bootstrap, {
        taskQueue,
        workflowId,
        args: [{ ...origin, options }],
        ...describeOrigin(origin),
        staticSummary: `Copy workspace ${origin.workspaceId}`,
      });
      return { jobId: handle.firstExecutionRunId, status: 'started' };
    } catch (error) {
      if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
      if ((await isEnding(workflowId)) && (await hasEndedSoon(workflowId))) return startOrFind(origin, options);
      return { jobId: (await workflow.getHandle(workflowId).describe()).runId, status: 'running' };
    }
  }

  const isEnding = (workflowId: string): Promise<boolean> =>
    client
      .withAbortSignal(AbortSignal.timeout(queryDeadlineMs), () =>
        workflow.getHandle(workflowId).query<boolean>(queryNames.isEnding),
      )
      .catch(() => false);

  const waitForEnd = (workflowId: string): Promise<unknown> =>
    workflow.getHandle(workflowId, undefined, { followRuns: false }).result();

  async function hasEndedSoon(workflowId: string): Promise<boolean> {
    const soon = AbortSignal.timeout(endingDeadlineMs);
    await client.withAbortSignal(soon, () => waitForEnd(workflowId)).catch(() => undefined);
    return !soon.aborted;
  }

  async function give(ref: InstallationRef, verb: OperatorVerb, order: OperatorOrder): Promise<string | null> {
    const workflowId = buildBootstrapWorkflowId(ref);
    try {
      const args: [OperatorOrder] = [order];
      return await workflow.getHandle(workflowId).executeUpdate<string, [OperatorOrder]>(verb, { args });
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) return null;
      if (!(error instanceof WorkflowUpdateFailedError)) throw error;
      if (!isRefusal(error.cause, 'ending')) throw toConflict(error);
    }
    // Whoever cancels a run and starts anew at once should not have to know that it takes a moment to end.
    await waitForEnd(workflowId).catch(() => undefined);
    return give(ref, verb, order);
  }

  return {
    start: (origin, options) => askTemporal(client, startDeadlineMs, () => startOrFind(origin, options)),
    order: (ref, verb, order) => askTemporal(client, updateDeadlineMs, () => give(ref, verb, order)),
  };
}

const isRefusal = (cause: unknown, type: string): cause is ApplicationFailure =>
  cause instanceof ApplicationFailure && cause.type === type;

/** The run's own refusal says why; any other failure means that it ended over the order. */
const toConflict = ({ cause }: WorkflowUpdateFailedError): AddonError =>
  new AddonError('conflict', isRefusal(cause, 'conflict') ? cause.message : 'The run ended before it could obey.');
