import { getExternalWorkflowHandle, isCancellation } from '@temporalio/workflow';
import { buildBootstrapWorkflowId } from '../domain/contract.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { installationStatusSignal } from './messages.ts';

const handleOf = (ref: InstallationRef) => getExternalWorkflowHandle(buildBootstrapWorkflowId(ref));

/** Ends the run of an installation, if one is under way. */
export const cancelBootstrap = (ref: InstallationRef): Promise<void> => ignoreAbsent(handleOf(ref).cancel());

/** Tells the run of an installation, if one is under way, that the add-on was switched off or on. */
export const signalBootstrap = (ref: InstallationRef, status: 'active' | 'inactive'): Promise<void> =>
  ignoreAbsent(handleOf(ref).signal(installationStatusSignal, status));

async function ignoreAbsent(call: Promise<void>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (isCancellation(error)) throw error;
  }
}
