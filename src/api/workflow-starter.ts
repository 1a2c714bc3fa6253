import type { Client } from '@temporalio/client';
import { WorkflowNotFoundError } from '@temporalio/common';
import type { PendingMessage } from '../db/outbox.ts';
import {
  buildBootstrapWorkflowId,
  buildInstallWorkflowId,
  signalNames,
  taskQueue,
  workflowNames,
} from '../domain/contract.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { describeOrigin } from '../domain/workflow-origin.ts';
import type { WorkflowOrigin } from '../domain/workflow-origin.ts';
import { askTemporal } from './temporal.ts';

const deadlineMs = 2_000;

/** Brings lifecycle events to Temporal; delivering one again has the effect of once. */
export function createWorkflowStarter(client: Client) {
  const { workflow } = client;

  async function startInstall(origin: WorkflowOrigin): Promise<void> {
    await workflow.start(workflowNames.install, {
      taskQueue,
      workflowId: buildInstallWorkflowId(origin),
      workflowIdConflictPolicy: 'USE_EXISTING',
      args: [{ workspaceId: origin.workspaceId, addonId: origin.addonId, requestId: origin.requestId }],
      ...describeOrigin(origin),
      staticSummary: `Install on workspace ${origin.workspaceId}`,
      staticDetails: 'Proves the installation if another one is active, then copies the workspace.',
    });
  }

  const signalBootstrap = (ref: InstallationRef, status: string): Promise<void> =>
    ignoreAbsent(workflow.getHandle(buildBootstrapWorkflowId(ref)).signal(signalNames.installationStatus, status));

  async function cancelAll(ref: InstallationRef): Promise<void> {
    const ids = [buildInstallWorkflowId(ref), buildBootstrapWorkflowId(ref)];
    await Promise.all(ids.map((id) => ignoreAbsent(workflow.getHandle(id).cancel())));
  }

  async function deliver({ event, payload, workspaceId, addonId }: PendingMessage): Promise<void> {
    const ref = { workspaceId, addonId };
    switch (event) {
      case 'installed':
        return startInstall({ ...ref, requestId: payload.requestId });
      case 'status-changed':
        return signalBootstrap(ref, payload.status ?? 'inactive');
      case 'deleted':
        return cancelAll(ref);
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
