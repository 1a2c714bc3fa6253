import { heartbeat, log } from '@temporalio/activity';
import type { MikroORM } from '@mikro-orm/postgresql';
import { findDoubted, renewDoubt, restoreInstallation } from '../db/doubt.ts';
import type { Restoring } from '../db/doubt.ts';
import type { InstallationStatus } from '../db/installation.entity.ts';
import { purgeInstallation } from '../db/purge.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { AddonError } from '../domain/errors.ts';
import { countProbe, delayToProbe, isAlive, judgeRemoval } from '../domain/removal.ts';
import type { Doubt, ProbeAnswer, ProbeSchedule, Standing } from '../domain/removal.ts';
import type { InstallationAccess } from './installation-access.ts';
import { probeToken } from './token-probe.ts';
import type { TokenProbeDeps } from './token-probe.ts';

export interface UninstallDeps extends TokenProbeDeps {
  readonly orm: MikroORM;
  readonly access: InstallationAccess;
  readonly schedule: ProbeSchedule;
  /** Milliseconds without a token that lives, after which the data may not be kept any longer. */
  readonly purgeAfterMs: number;
  /** An installation was put out of use although Clockify knew nothing of it. */
  readonly onFalseAlarm?: () => void;
}

export interface ExamineInput extends InstallationRef {
  readonly requestId: string;
  readonly standing: Standing;
}

export type Finding =
  | { readonly verdict: 'purge' }
  | { readonly verdict: 'in_use'; readonly isActive: boolean }
  | { readonly verdict: 'wait'; readonly standing: Standing; readonly nextMs: number };

/** The status says why an installation is doubted, whatever the workflow was started for. */
const doubtOf: Partial<Record<InstallationStatus, Doubt>> = {
  delete_pending: 'deleted',
  suspect: 'suspect',
  superseded: 'superseded',
};

export function createUninstallActivities(deps: UninstallDeps) {
  return {
    /** Asks Clockify once whether a doubted installation is there, and puts it back into use when it is. */
    examineInstallation: (input: ExamineInput): Promise<Finding> => examine(deps, input),

    /** Destroys all that is stored of an installation. False when it has come back into use. */
    purgeInstallation: (ref: InstallationRef): Promise<boolean> =>
      purgeInstallation(deps.orm, ref, { onBatch: () => heartbeat() }),
  };
}

async function examine(deps: UninstallDeps, input: ExamineInput): Promise<Finding> {
  const { requestId, standing, ...ref } = input;
  const doubted = await findDoubted(deps.orm, ref);
  if (doubted === null) return { verdict: 'purge' };
  const doubt = doubtOf[doubted.status];
  if (doubt === undefined) return { verdict: 'in_use', isActive: doubted.status === 'active' };
  if (doubt === 'superseded') return { verdict: 'purge' };
  const answer = await ask(deps, ref);
  const next = countProbe(standing.doubt === doubt ? standing : { doubt, probes: 0, refusals: 0 }, answer);
  const isExpired = doubted.doubtedForMs >= deps.purgeAfterMs;
  const verdict = judgeRemoval(next, answer, { isExpired, schedule: deps.schedule });
  log.info('doubted installation asked', { ...ref, ...next, answer, verdict, requestId });
  if (verdict === 'purge') return { verdict };
  if (verdict === 'restore') {
    await restore(deps, ref, { from: doubted.status, to: answer === 'closed' ? 'inactive' : 'active', requestId });
    return examine(deps, { ...input, standing: next });
  }
  if (isAlive(answer)) await renewDoubt(deps.orm, ref);
  return { verdict, standing: next, nextMs: delayToProbe(deps.schedule, next) };
}

/** An answer that proves nothing is an answer, too: the next probe may come late, and this one is not repeated. */
async function ask(deps: UninstallDeps, ref: InstallationRef): Promise<ProbeAnswer> {
  try {
    return await probeToken(deps, await deps.access.open(ref));
  } catch (error) {
    if (error instanceof AddonError) return 'silent';
    throw error;
  }
}

async function restore({ orm, onFalseAlarm }: UninstallDeps, ref: InstallationRef, change: Restoring): Promise<void> {
  if (!(await restoreInstallation(orm, ref, change))) return;
  onFalseAlarm?.();
  const { from, to, requestId } = change;
  log.error('alarm: an installation was put out of use that Clockify knows', { ...ref, from, to, requestId });
}
