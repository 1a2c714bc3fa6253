import { ScheduleAlreadyRunning } from '@temporalio/client';
import type { Client } from '@temporalio/client';
import { retentionId, taskQueue, workflowNames } from '../domain/contract.ts';

/** Has what is too old deleted every night, one time for the whole deployment. Doing it again changes nothing. */
export async function ensureRetention({ schedule }: Pick<Client, 'schedule'>): Promise<void> {
  try {
    await schedule.create({
      scheduleId: retentionId,
      spec: { calendars: [{ hour: 3, minute: 17, comment: 'every night, UTC' }] },
      policies: { overlap: 'SKIP', catchupWindow: '1 day' },
      action: { type: 'startWorkflow', workflowType: workflowNames.retention, workflowId: retentionId, taskQueue },
    });
  } catch (error) {
    if (!(error instanceof ScheduleAlreadyRunning)) throw error;
  }
}
