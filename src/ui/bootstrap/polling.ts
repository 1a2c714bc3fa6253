import type { BootstrapStatus } from '../../domain/bootstrap-status.ts';
import { isDenial } from '../refusal.ts';
import { isMoving } from './progress.ts';

/** Milliseconds until the status is read again; false when only the viewer can change the answer. */
export function pollDelayMs(status: BootstrapStatus | undefined, error: Error | null): number | false {
  if (isDenial(error)) return false;
  return status !== undefined && isMoving(status.status) ? 1000 : 5000;
}
