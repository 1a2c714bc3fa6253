import { defineSignal, isCancellation, log, patched, setCurrentDetails, setHandler } from '@temporalio/workflow';
import { signalNames } from '../domain/contract.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { bookkeeping, testing } from './activity-options.ts';
import { checkWebhooks } from './check-webhooks.ts';
import { cancelBootstrap } from './running-bootstrap.ts';
import { startBootstrap } from './start-bootstrap.ts';

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
  const copy = await startBootstrap({ ...ref, options, requestId }, `Copy workspace ${ref.workspaceId}`);
  if (copy === null) return 'Installed. A copy was running already.';
  if (patched('the copy goes on alone')) return 'Installed. The workspace is being read.';
  return `Installed. The first copy ended as ${await copy.result()}.`;
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
