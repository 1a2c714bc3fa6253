import {
  condition,
  continueAsNew,
  defineSignal,
  setCurrentDetails,
  setHandler,
  sleep,
  workflowInfo,
} from '@temporalio/workflow';
import { signalNames } from '../domain/contract.ts';
import type { InstallationRef } from '../domain/contract.ts';
import type { Doubt, Standing } from '../domain/removal.ts';
import { probing, purging } from './activity-options.ts';
import { signalBootstrap } from './running-bootstrap.ts';

export interface UninstallInput extends InstallationRef {
  readonly reason: Doubt;
  readonly requestId: string;
  /** How far the asking had come; absent at the beginning. */
  readonly standing?: Standing;
}

const doubtSignal = defineSignal<[Doubt]>(signalNames.doubt);

/**
 * Finds out by the token alone whether a doubted installation is gone. Then all that is stored of it is destroyed, this
 * workflow with it; else it goes back into use and its run goes on where it stood.
 */
export async function uninstallWorkflow(input: UninstallInput): Promise<string> {
  const { reason, requestId, workspaceId, addonId } = input;
  const ref = { workspaceId, addonId };
  let standing = input.standing ?? { doubt: reason, probes: 0, refusals: 0 };
  let heard: Doubt | null = null;
  setHandler(doubtSignal, (doubt) => void (heard = doubt), {
    description: 'Something was said about the installation: look again. The same DELETED twice hurries nothing.',
  });
  const hasHeardNothing = (): boolean => heard === null;
  const isNews = (): boolean => heard === 'suspect' || (heard !== null && heard !== standing.doubt);

  for (;;) {
    heard = null;
    const finding = await probing.examineInstallation({ ...ref, requestId, standing });
    if (finding.verdict === 'purge' && (await purge(ref))) return finish('The installation is gone.');
    if (finding.verdict === 'in_use') {
      if (finding.isActive) await signalBootstrap(ref, 'active');
      if (hasHeardNothing()) return finish('The installation is in use.');
    }
    if (finding.verdict !== 'wait') continue;
    ({ standing } = finding);
    setCurrentDetails(presentStanding(standing));
    await condition(isNews, finding.nextMs);
    if (workflowInfo().continueAsNewSuggested) await continueAsNew<typeof uninstallWorkflow>({ ...input, standing });
  }
}

/**
 * The secrets go first. What was still under way may have written once more, so the rows go again when nothing runs any
 * more. This workflow is the last that is forgotten. False when the installation has come back into use.
 */
async function purge(ref: InstallationRef): Promise<boolean> {
  if (!(await purging.purgeInstallation(ref))) return false;
  await purging.forgetExecutions({ ...ref, isLast: false });
  await sleep('2 seconds', { summary: 'what is under way ends' });
  await purging.purgeInstallation(ref);
  await purging.forgetExecutions({ ...ref, isLast: true });
  return true;
}

const presentStanding = ({ doubt, probes, refusals }: Standing): string =>
  doubt === 'deleted'
    ? `Clockify said DELETED. The token was tried ${probes} time(s) and refused ${refusals} time(s) in a row.`
    : `Clockify refused the token and said no DELETED. It was tried ${probes} time(s) since.`;

function finish(details: string): string {
  setCurrentDetails(details);
  return details;
}
