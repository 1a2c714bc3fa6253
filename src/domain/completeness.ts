import type { Evidence, RunStatus } from './bootstrap-status.ts';
import type { EntityState } from './bootstrap-status.ts';
import type { Tally } from './paging.ts';
import type { ReadingRule } from './reading-rules.ts';

export interface Counted {
  readonly tallies: readonly Tally[];
  /** Distinct ids seen in the run. */
  readonly seen: number;
  /** Ids that came again on a later page. */
  readonly repeated: number;
  /** Seen ids that stand in the mirror. */
  readonly stored: number;
}

export interface Verdict {
  readonly complete: boolean;
  /** Something changed while it was read, so that reading it once more may give a complete copy. */
  readonly isDisturbed: boolean;
  readonly expected: number;
  readonly stored: number;
  readonly evidence: Evidence;
  readonly reason: string | null;
}

/** Whether a copy is complete, and on what evidence. Without evidence, or with any contradiction, it is not. */
export function judgeCompleteness(rule: ReadingRule, { tallies, seen, repeated, stored }: Counted): Verdict {
  const expected = tallies.reduce((sum, tally) => sum + tally.expected, 0);
  const reasons = [
    ...new Set(tallies.flatMap((tally) => tally.reasons)),
    ...(repeated > 0 ? [`${repeated} rows came twice: the list changed while it was read.`] : []),
    ...(stored < seen ? [`${seen - stored} of ${seen} rows are not in the mirror.`] : []),
  ];
  const differs = stored !== expected && reasons.length === 0;
  if (differs) reasons.push(`${expected} rows were expected and ${stored} are in the mirror.`);
  return {
    complete: reasons.length === 0,
    isDisturbed: repeated > 0 || differs,
    expected,
    stored,
    evidence: evidenceOf(rule),
    reason: reasons.length === 0 ? null : reasons.join(' '),
  };
}

function evidenceOf({ parent, paging, countAt }: ReadingRule): Evidence {
  if (parent !== undefined) return 'every_parent';
  if (paging === 'single') return 'single_object';
  if (paging === 'whole') return 'whole_list';
  return countAt === undefined ? 'last_page' : 'count';
}

/** The word for a whole run. Skipped or unproven kinds are warnings; a kind that failed is an error. */
export function judgeRun(outcomes: readonly { state: EntityState; complete: boolean | null }[]): RunStatus {
  const failed = outcomes.filter(({ state }) => state === 'failed').length;
  if (failed > 0) return failed === outcomes.length ? 'FAILED' : 'COMPLETED_WITH_ERRORS';
  return outcomes.every(({ complete }) => complete === true) ? 'COMPLETED' : 'COMPLETED_WITH_WARNINGS';
}
