import { WorkflowExecutionAlreadyStartedError, WorkflowUpdateFailedError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { BootstrapOptions } from '../domain/bootstrap-options.ts';
import { buildBootstrapWorkflowId, taskQueue, updateNames, workflowNames } from '../domain/contract.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { AddonError } from '../domain/errors.ts';
import type { OperatorOrder } from '../workflows/messages.ts';
import { askTemporal } from './temporal.ts';
import { describeOrigin } from '../domain/workflow-origin.ts';
import type { WorkflowOrigin } from '../domain/workflow-origin.ts';

interface StartedRun {
  readonly jobId: string;
  /** `running`: there was one already, and this is it. */
  readonly status: 'started' | 'running';
}

export interface BootstrapRuns {
  /** Starts a run, or finds the one that is under way: an installation has at most one. */
  start(origin: WorkflowOrigin, options: BootstrapOptions): Promise<StartedRun>;
  /** Resolves once no further page is begun. Throws `conflict` when there is nothing to pause. */
  pause(ref: InstallationRef, order: OperatorOrder): Promise<void>;
  /** Throws `conflict` when there is nothing to resume. */
  resume(ref: InstallationRef, order: OperatorOrder): Promise<void>;
}

const startDeadlineMs = 5_000;
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
      return { jobId: (await workflow.getHandle(workflowId).describe()).runId, status: 'running' };
    }
  }

  async function update(ref: InstallationRef, name: string, order: OperatorOrder): Promise<void> {
    try {
      await workflow.getHandle(buildBootstrapWorkflowId(ref)).executeUpdate(name, { args: [order] });
    } catch (error) {
      if (error instanceof WorkflowNotFoundError) throw new AddonError('conflict', 'No run is under way.');
      if (error instanceof WorkflowUpdateFailedError) throw new AddonError('conflict', 'The run cannot do that now.');
      throw error;
    }
  }

  return {
    start: (origin, options) => askTemporal(client, startDeadlineMs, () => startOrFind(origin, options)),
    pause: (ref, order) => askTemporal(client, updateDeadlineMs, () => update(ref, updateNames.pause, order)),
    resume: (ref, order) => askTemporal(client, updateDeadlineMs, () => update(ref, updateNames.resume, order)),
  };
}
