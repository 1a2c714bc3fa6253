import {
  continueAsNew,
  isCancellation,
  log,
  patched,
  setCurrentDetails,
  sleep,
  uuid4,
  workflowInfo,
} from '@temporalio/workflow';
import type { BootstrapOptions } from '../domain/bootstrap-options.ts';
import type { InstallationRef } from '../domain/contract.ts';
import type { EntityType } from '../domain/entities.ts';
import { bookkeeping, refreshing } from './activity-options.ts';
import { checkWebhooks } from './check-webhooks.ts';
import { startBootstrap } from './start-bootstrap.ts';

export interface RefreshInput extends InstallationRef {
  readonly requestId: string;
  /** Changes were missed: everything is compared, and not only what is due. */
  readonly isCatchingUp?: boolean;
}

/** Brings what is due of a copy up to date: changes that the feeds tell, and kinds that are to be read whole again. */
export async function refreshWorkflow(input: RefreshInput): Promise<string> {
  const { requestId: _, isCatchingUp = false, ...ref } = input;
  const due = await bookkeeping.planRefresh({ ...ref, isCatchingUp });
  if (due === null) return finish('Nothing is kept fresh: the add-on is not in use, or nothing was copied yet.');
  if (due.isWebhookCheckDue) await checkWebhooks(ref);
  const { delta, lookedAt } = due;
  const changes = delta.length === 0 ? { overdue: [] } : await refreshing.readChanges({ ...ref, delta, lookedAt });
  const rescan = [...new Set([...due.rescan, ...changes.overdue])];
  if (due.isCatchingUp && patched('missed deliveries')) rescan.push(...(await readMissed(ref, rescan)));
  // The database may speak of a run that nobody leads: one that was terminated, or that ended after a backup of it.
  const mayStart = (): boolean => patched('Temporal tells of runs') || !due.hasRunUnderWay;
  let isDone = rescan.length === 0 || (mayStart() && (await startRun(ref, { ...due.options, only: rescan })));
  for (let pauseMs = shortestPauseMs; !isDone && isCatchingUp; pauseMs = Math.min(2 * pauseMs, longestPauseMs)) {
    setCurrentDetails('Waits for the run under way: what it read before may be outdated.');
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof refreshWorkflow>(input);
    await sleep(pauseMs);
    isDone = await startRun(ref, { ...due.options, only: rescan });
  }
  if (due.isCatchingUp && delta.length > 0) {
    await sleep('2 minutes', { summary: 'deletions show a minute late' });
    await refreshing.readChanges({ ...ref, delta, lookedAt });
  }
  if (isDone && due.isCatchingUp) await bookkeeping.noteCaughtUp({ ...ref, at: lookedAt });
  const read = delta.map(({ entity }) => entity).join(', ') || 'none';
  return finish(`Feeds read: ${read}. Read whole again: ${isDone ? rescan.join(', ') || 'none' : 'after the run'}.`);
}

const shortestPauseMs = 5_000;
const longestPauseMs = 60_000;

/** Kinds to be read whole besides. Clockify's log of deliveries is a help where there is one, and nothing waits for it. */
async function readMissed(ref: InstallationRef, rescan: readonly EntityType[]): Promise<readonly EntityType[]> {
  try {
    return (await refreshing.readMissedDeliveries({ ...ref, rescan })).overdue;
  } catch (error) {
    if (isCancellation(error)) throw error;
    log.warn('deliveries that failed could not be made up for', { error });
    return [];
  }
}

/** False while another run is under way. */
async function startRun(ref: InstallationRef, options: BootstrapOptions): Promise<boolean> {
  const input = { ...ref, options, requestId: `refresh-${uuid4()}` };
  return (await startBootstrap(input, `Read again what is due of workspace ${ref.workspaceId}`)) !== null;
}

function finish(details: string): string {
  setCurrentDetails(details);
  return details;
}
