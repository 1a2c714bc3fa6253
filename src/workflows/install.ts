import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ChildWorkflowCancellationType,
  ParentClosePolicy,
  executeChild,
  isCancellation,
  log,
  patched,
  setCurrentDetails,
} from '@temporalio/workflow';
import { buildBootstrapWorkflowId } from '../domain/contract.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { describeOrigin } from '../domain/workflow-origin.ts';
import { bookkeeping, testing } from './activity-options.ts';
import { bootstrapWorkflow } from './bootstrap.ts';
import { cancelBootstrap, signalBootstrap } from './running-bootstrap.ts';

export interface InstallInput extends InstallationRef {
  readonly requestId: string;
}

/** What follows an INSTALLED: prove the installation if another is active, then copy the workspace. */
export async function installWorkflow({ requestId, ...ref }: InstallInput): Promise<string> {
  const activation = await bookkeeping.activateInstallation({ ...ref, requestId });
  await Promise.all(activation.superseded.map((addonId) => cancelBootstrap({ ...ref, addonId })));
  if (!activation.isActive) return finish('This installation is not the active one of its workspace.');
  const { autoBootstrap, timeEntryDays } = await bookkeeping.adoptSettings(ref);
  if (patched('self-test')) await diagnose(ref);
  if (!autoBootstrap) return finish('Installed. The workspace is not read until somebody starts it.');
  const options = { scope: 'standard', timeEntries: true, ...(timeEntryDays !== null && { timeEntryDays }) } as const;
  try {
    setCurrentDetails('Installed. The workspace is being read.');
    const status = await executeChild(bootstrapWorkflow, {
      workflowId: buildBootstrapWorkflowId(ref),
      args: [{ ...ref, options, requestId }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      // A DELETED ends this workflow at once, and the run only when Clockify confirms it.
      cancellationType: ChildWorkflowCancellationType.ABANDON,
      ...describeOrigin({ ...ref, requestId }),
      staticSummary: `Copy workspace ${ref.workspaceId}`,
    });
    return finish(`Installed. The first copy ended as ${status}.`);
  } catch (error) {
    if (!(error instanceof WorkflowExecutionAlreadyStartedError)) throw error;
    // It may wait since the installation was doubted.
    await signalBootstrap(ref, 'active');
    return finish('Installed. A copy was running already.');
  }
}

/** For people to read: an install goes on whatever the test finds, and also without one. */
async function diagnose(ref: InstallationRef): Promise<void> {
  try {
    await testing.diagnoseInstallation(ref);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('the self-test failed', { error });
  }
}

function finish(details: string): string {
  setCurrentDetails(details);
  return details;
}
