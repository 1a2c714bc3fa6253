import { getClient } from '@temporalio/activity';
import { ScheduleAlreadyRunning, ScheduleNotFoundError } from '@temporalio/client';
import { buildRefreshId, taskQueue, workflowNames } from '../domain/contract.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { describeOrigin } from '../domain/workflow-origin.ts';

interface ScheduleInput extends InstallationRef {
  readonly requestId: string;
}

/** Has an installation's copy kept fresh from now on. Doing it again changes nothing. */
export async function scheduleRefresh({ requestId, ...ref }: ScheduleInput): Promise<void> {
  const scheduleId = buildRefreshId(ref);
  try {
    await getClient().schedule.create({
      scheduleId,
      // Spread over the minutes, so that installations do not all come at once.
      spec: { intervals: [{ every: '10 minutes', offset: `${offsetOf(ref)} seconds` }] },
      policies: { overlap: 'SKIP', catchupWindow: '1 minute' },
      action: {
        type: 'startWorkflow',
        workflowType: workflowNames.refresh,
        workflowId: scheduleId,
        taskQueue,
        args: [{ ...ref, requestId }],
        ...describeOrigin({ ...ref, requestId }),
      },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}

/** Ends it; an installation that was never scheduled is fine as well. */
export async function unscheduleRefresh(ref: InstallationRef): Promise<void> {
  try {
    await getClient().schedule.getHandle(buildRefreshId(ref)).delete();
  } catch (error) {
    if (!(error instanceof ScheduleNotFoundError)) throw error;
  }
}

const everySeconds = 600;

/** Ids are hexadecimal, but for personal ones. */
const offsetOf = ({ workspaceId }: InstallationRef): number =>
  (Number.parseInt(workspaceId.slice(-6), 16) || 0) % everySeconds;
