import { randomUUID } from 'node:crypto';
import type { Client } from '@temporalio/client';
import { buildMailboxWorkflowId, signalNames, taskQueue, workflowNames } from '../domain/contract.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { describeOrigin } from '../domain/workflow-origin.ts';
import type { Logger } from '../platform/logger.ts';
import { createPoller } from './poller.ts';
import { askTemporal } from './temporal.ts';

export interface MailboxRelayDeps {
  /** Takes mailboxes that have something due and that nobody is at. */
  readonly claim: () => Promise<readonly InstallationRef[]>;
  readonly wake: (ref: InstallationRef) => Promise<void>;
  /** Gives back one that could not be woken. */
  readonly release: (ref: InstallationRef) => Promise<void>;
  readonly log: Logger;
  readonly pollMs?: number;
}

export type MailboxRelay = ReturnType<typeof createMailboxRelay>;

/** However many deliveries come, the database is not asked more often. */
const leastPauseMs = 100;

/**
 * Has deliveries processed: at once when told of some, and every second in any case, so that none is forgotten whatever
 * happened to whoever was told. While Temporal is away they wait in the database.
 */
export function createMailboxRelay({ claim, wake, release, log, pollMs = 1_000 }: MailboxRelayDeps) {
  async function wakeOrRelease(ref: InstallationRef): Promise<boolean> {
    try {
      await wake(ref);
      return true;
    } catch (error) {
      log.warn({ err: error, ...ref }, 'mailbox not woken');
      await release(ref);
      return false;
    }
  }

  const poller = createPoller({
    pollMs,
    leastPauseMs: Math.min(leastPauseMs, pollMs),
    async turn() {
      try {
        const refs = await claim();
        const woken = await Promise.all(refs.map(wakeOrRelease));
        return { isMore: woken.includes(true), isFailing: woken.includes(false) };
      } catch (error) {
        log.warn({ err: error }, 'mailboxes not reachable');
        return { isMore: false, isFailing: true };
      }
    },
  });

  return {
    start: poller.start,
    stop: poller.stop,
    /** Deliveries were stored. */
    onDeliveries: (): void => poller.wake(),
  };
}

const deadlineMs = 2_000;

/** Starts the workflow of a mailbox, or tells the one that is at it already; never more than one at a time. */
export function createMailboxWaker(client: Client, queue: string = taskQueue) {
  return async function wake({ workspaceId, addonId }: InstallationRef): Promise<void> {
    await askTemporal(client, deadlineMs, () =>
      client.workflow.signalWithStart(workflowNames.mailbox, {
        taskQueue: queue,
        workflowId: buildMailboxWorkflowId({ workspaceId, addonId }),
        workflowIdConflictPolicy: 'USE_EXISTING',
        args: [{ workspaceId, addonId }],
        signal: signalNames.deliveries,
        ...describeOrigin({ workspaceId, addonId, requestId: randomUUID() }),
        staticSummary: `Deliveries for workspace ${workspaceId}`,
        staticDetails: 'Fetches again what deliveries of Clockify name, until none of them is left.',
      }),
    );
  };
}
