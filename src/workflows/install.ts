import { WorkflowExecutionAlreadyStartedError } from '@temporalio/common';
import {
  ChildWorkflowCancellationType,
  ParentClosePolicy,
  defineSignal,
  isCancellation,
  log,
  patched,
  setCurrentDetails,
  setHandler,
  startChild,
} from '@temporalio/workflow';
import { buildBootstrapWorkflowId, signalNames } from '../domain/contract.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { describeOrigin } from '../domain/workflow-origin.ts';
import { bookkeeping, testing } from './activity-options.ts';
import { bootstrapWorkflow } from './bootstrap.ts';
import { checkWebhooks } from './check-webhooks.ts';
import { cancelBootstrap } from './running-bootstrap.ts';

export interface InstallInput extends InstallationRef {
  readonly requestId: string;
}

const installedSignal = defineSignal(signalNames.installed);

/** What follows an INSTALLED: prove the installation if another is active, then have the workspace copied. */
export async function installWorkflow(input: InstallInput): Promise<string> {
  let isRepeated = false;
  setHandler(installedSignal, () => void (isRepeated = true), {
    description: 'Clockify sent INSTALLED once more, with another token.',
  });
  for (;;) {
    isRepeated = false;
    const { outcome, coverage } = await install(input);
    setCurrentDetails(coverage === null ? outcome : `${outcome}\n\n${coverage}`);
    if (!isRepeated) return outcome;
  }
}

interface Installed {
  /** For people. */
  readonly outcome: string;
  /** How changes of each kind reach the copy, in Markdown; null where nobody looked. */
  readonly coverage: string | null;
}

async function install({ requestId, ...ref }: InstallInput): Promise<Installed> {
  const activation = await bookkeeping.activateInstallation({ ...ref, requestId });
  await Promise.all(activation.superseded.map((addonId) => cancelBootstrap({ ...ref, addonId })));
  if (!activation.isActive) {
    return { outcome: 'This installation is not the active one of its workspace.', coverage: null };
  }
  const { autoBootstrap, timeEntryDays } = await bookkeeping.adoptSettings(ref);
  // Before the copy, so that no change falls between them.
  const coverage = patched('webhooks') ? await checkWebhooks(ref) : null;
  if (patched('self-test')) await diagnose(ref);
  if (patched('kept fresh')) await bookkeeping.scheduleRefresh({ ...ref, requestId });
  if (!autoBootstrap) return { outcome: 'Installed. No copy starts by itself.', coverage };
  return { outcome: await startCopy({ requestId, ...ref }, timeEntryDays), coverage };
}

async function startCopy({ requestId, ...ref }: InstallInput, timeEntryDays: number | null): Promise<string> {
  const options = { scope: 'standard', timeEntries: true, ...(timeEntryDays !== null && { timeEntryDays }) } as const;
  try {
    const copy = await startChild(bootstrapWorkflow, {
      workflowId: buildBootstrapWorkflowId(ref),
      args: [{ ...ref, options, requestId }],
      parentClosePolicy: ParentClosePolicy.ABANDON,
      // A DELETED ends this workflow at once, and the copy only when Clockify confirms it.
      cancellationType: ChildWorkflowCancellationType.ABANDON,
      ...describeOrigin({ ...ref, requestId }),
      staticSummary: `Copy workspace ${ref.workspaceId}`,
    });
    if (patched('the copy goes on alone')) return 'Installed. The workspace is being read.';
    return `Installed. The first copy ended as ${await copy.result()}.`;
  } catch (error) {
    if (error instanceof WorkflowExecutionAlreadyStartedError) return 'Installed. A copy was running already.';
    throw error;
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
