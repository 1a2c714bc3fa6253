import { ScheduleNotFoundError } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { PendingMessage } from '../db/outbox.ts';
import {
  buildBootstrapWorkflowId,
  buildInstallWorkflowId,
  buildRefreshId,
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

  const scheduleOf = (ref: InstallationRef) => client.schedule.getHandle(buildRefreshId(ref));

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
    await ignoreAbsent(scheduleOf(origin).pause('Clockify is asked whether the installation is gone.'));
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

  /** Switched off nothing is kept fresh; switched on again, what was missed is made up for. */
  async function followStatus(origin: WorkflowOrigin, status: 'active' | 'inactive'): Promise<void> {
    const { workspaceId, addonId, requestId } = origin;
    await signalBootstrap(origin, status);
    if (status === 'inactive') return ignoreAbsent(scheduleOf(origin).pause('The add-on is switched off.'));
    await ignoreAbsent(scheduleOf(origin).unpause('The add-on is switched on.'));
    await workflow.start(workflowNames.refresh, {
      taskQueue,
      workflowId: `${buildRefreshId(origin)}:${requestId}`,
      workflowIdConflictPolicy: 'USE_EXISTING',
      args: [{ workspaceId, addonId, requestId, isCatchingUp: true }],
      ...describeOrigin(origin),
      staticSummary: `Catch up with workspace ${workspaceId}`,
    });
  }

  async function deliver({ event, payload, workspaceId, addonId }: PendingMessage): Promise<void> {
    const origin = { workspaceId, addonId, requestId: payload.requestId };
    switch (event) {
      case 'installed':
        return startInstall(origin);
      case 'status-changed':
        return followStatus(origin, payload.status ?? 'inactive');
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
    if (!(error instanceof WorkflowNotFoundError) && !(error instanceof ScheduleNotFoundError)) throw error;
  }
}
