import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { PendingMessage } from '../db/outbox.ts';
import {
  buildBootstrapWorkflowId,
  buildInstallWorkflowId,
  buildUninstallWorkflowId,
  signalNames,
  taskQueue,
  workflowNames,
} from '../domain/contract.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { describeOrigin } from '../domain/workflow-origin.ts';
import type { WorkflowOrigin } from '../domain/workflow-origin.ts';
import type { Doubt } from '../domain/removal.ts';
import { askTemporal } from './temporal.ts';

const deadlineMs = 2_000;

/** Brings lifecycle events to Temporal; delivering one again has the effect of once. */
export function createWorkflowStarter(client: Client) {
  const { workflow } = client;

  async function startInstall(origin: WorkflowOrigin): Promise<void> {
    await workflow.signalWithStart(workflowNames.install, {
      taskQueue,
      workflowId: buildInstallWorkflowId(origin),
      workflowIdConflictPolicy: 'USE_EXISTING',
      args: [{ workspaceId: origin.workspaceId, addonId: origin.addonId, requestId: origin.requestId }],
      signal: signalNames.installed,
      ...describeOrigin(origin),
      staticSummary: `Install on workspace ${origin.workspaceId}`,
      staticDetails: 'Proves the installation if another one is active, then copies the workspace.',
    });
  }

  const signalBootstrap = (ref: InstallationRef, status: string): Promise<void> =>
    ignoreAbsent(workflow.getHandle(buildBootstrapWorkflowId(ref)).signal(signalNames.installationStatus, status));

  /**
   * Starts to find out whether an installation is gone, or tells who is at it already. Its run waits meanwhile: it must
   * be able to go on where it stands.
   */
  async function startUninstall(origin: WorkflowOrigin, reason: Doubt): Promise<void> {
    const { workspaceId, addonId, requestId } = origin;
    await signalBootstrap(origin, 'inactive');
    await ignoreAbsent(workflow.getHandle(buildInstallWorkflowId(origin)).cancel());
    await workflow.signalWithStart(workflowNames.uninstall, {
      taskQueue,
      workflowId: buildUninstallWorkflowId(origin),
      workflowIdConflictPolicy: 'USE_EXISTING',
      args: [{ workspaceId, addonId, requestId, reason }],
      signal: signalNames.doubt,
      signalArgs: [reason],
      ...describeOrigin(origin),
      staticSummary: `Uninstall from workspace ${workspaceId}`,
      staticDetails:
        'Asks Clockify whether the installation is gone. If it is, nothing of it stays; else it is restored.',
    });
  }

  async function deliver({ event, payload, workspaceId, addonId }: PendingMessage): Promise<void> {
    const origin = { workspaceId, addonId, requestId: payload.requestId };
    switch (event) {
      case 'installed':
        return startInstall(origin);
      case 'status-changed':
        return signalBootstrap(origin, payload.status ?? 'inactive');
      case 'deleted':
        return startUninstall(origin, 'deleted');
      case 'suspected':
        return startUninstall(origin, 'suspect');
      case 'superseded':
        return startUninstall(origin, 'superseded');
      case 'settings-updated':
        // Running work reads the settings from the installation.
        return;
    }
  }

  return (message: PendingMessage): Promise<void> => askTemporal(client, deadlineMs, () => deliver(message));
}

async function ignoreAbsent(call: Promise<unknown>): Promise<void> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof WorkflowNotFoundError)) throw error;
  }
}
