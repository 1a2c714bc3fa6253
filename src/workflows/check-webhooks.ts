import { isCancellation, log } from '@temporalio/workflow';
import type { InstallationRef } from '../domain/contract.ts';
import { registering } from './activity-options.ts';

/** Whoever calls this goes on whatever Clockify lets us register, and also when nobody could ask: then it is null. */
export async function checkWebhooks(ref: InstallationRef): Promise<string | null> {
  try {
    return await registering.checkWebhooks(ref);
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('the webhooks could not be checked', { error });
    return null;
  }
}
