import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import { ChildWorkflowCancellationType, ParentClosePolicy, startChild } from '@temporalio/workflow';
import type { ChildWorkflowHandle } from '@temporalio/workflow';
import { buildBootstrapWorkflowId } from '../domain/contract.ts';
import { describeOrigin } from '../domain/workflow-origin.ts';
import { bootstrapWorkflow } from './bootstrap.ts';
import type { BootstrapInput } from './bootstrap.ts';

/**
 * Starts a run that goes on alone: a DELETED ends who started it at once, and the run only when Clockify confirms it.
 * Null while another run is under way. `summary`: for people.
 */
export async function startBootstrap(
  input: BootstrapInput,
  summary: string,
): Promise<ChildWorkflowHandle<typeof bootstrapWorkflow> | null> {
  try {
    return await startChild(bootstrapWorkflow, {
      workflowId: buildBootstrapWorkflowId(input),
      args: [input],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      cancellationType: ChildWorkflowCancellationType.ABANDON,
      ...describeOrigin(input),
      staticSummary: summary,
    });
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return null;
    throw error;
  }
}
