import { purging } from './activity-options.ts';

/** Deletes what is too old, of all installations. A schedule starts it every night. */
export async function retentionWorkflow(): Promise<string> {
  return `Deliveries deleted: ${await purging.purgeOldDeliveries()}.`;
}
