/**
 * Why an installation may have to go. `deleted`: Clockify said so, which anybody who can forge a call can say too.
 * `suspect`: Clockify refused its token and said nothing. `superseded`: Clockify accepted the token of another
 * installation of the workspace, or refused the only token this one ever brought.
 */
export type Doubt = 'deleted' | 'suspect' | 'superseded';

/**
 * What Clockify says to the token of a doubted installation. `accepted`: 200. `closed`: 401 without code 4017, the token
 * is known and the add-on switched off. `refused`: 401 code 4017. `silent`: anything else, which proves nothing.
 */
export type ProbeAnswer = 'accepted' | 'closed' | 'refused' | 'silent';

/** Milliseconds from the doubt to each of its quick probes, and from one later probe to the next. */
export interface ProbeSchedule {
  readonly deleted: readonly number[];
  readonly suspect: readonly number[];
  readonly laterMs: number;
}

export const probeSchedule: ProbeSchedule = {
  deleted: [0, 5_000, 30_000, 120_000, 600_000],
  suspect: [0, 120_000, 600_000],
  laterMs: 3_600_000,
};

/** How far the asking has come. */
export interface Standing {
  readonly doubt: Doubt;
  /** Probes that were sent for this doubt. */
  readonly probes: number;
  /** Refusals in a row. */
  readonly refusals: number;
}

export type Verdict = 'wait' | 'purge' | 'restore';

/** What an INSTALLED or one forged call must not be able to destroy, Clockify must deny so many times in a row. */
const refusalsToPurge = 3;

/**
 * Decides after a probe. A token that lives restores a suspect at once. After a DELETED only the last quick probe
 * restores: Clockify may need a while to end the token, so an earlier 200 says little. Three refusals in a row confirm a
 * DELETED, but not a suspicion, for which nobody ever said DELETED. `isExpired`: so long without a token that lives that
 * the data may not be kept any longer.
 */
export function judgeRemoval(
  { doubt, probes, refusals }: Standing,
  answer: ProbeAnswer,
  { isExpired, schedule }: { readonly isExpired: boolean; readonly schedule: ProbeSchedule },
): Verdict {
  if (doubt === 'superseded') return 'purge';
  if (isAlive(answer)) return doubt === 'suspect' || probes >= schedule.deleted.length ? 'restore' : 'wait';
  if (isExpired) return 'purge';
  return doubt === 'deleted' && refusals >= refusalsToPurge ? 'purge' : 'wait';
}

/** The standing after one more probe. */
export function countProbe({ doubt, probes, refusals }: Standing, answer: ProbeAnswer): Standing {
  const inARow = isAlive(answer) ? 0 : refusals;
  return { doubt, probes: probes + 1, refusals: answer === 'refused' ? inARow + 1 : inARow };
}

/** Milliseconds to the next probe when so many were sent. */
export function delayToProbe(schedule: ProbeSchedule, { doubt, probes }: Standing): number {
  const quick = doubt === 'suspect' ? schedule.suspect : schedule.deleted;
  const next = quick[probes];
  return next === undefined ? schedule.laterMs : next - (quick[probes - 1] ?? 0);
}

export const isAlive = (answer: ProbeAnswer): boolean => answer === 'accepted' || answer === 'closed';
