import type { Blueprint } from './blueprint.ts';
import { historyWeeks } from './calendar.ts';
import { times } from './collection.ts';
import { userKind } from './users.ts';

export type ApprovalState = 'PENDING' | 'APPROVED' | 'REJECTED' | 'WITHDRAWN_APPROVAL' | 'WITHDRAWN_SUBMISSION';

/** One user's week, handed in for approval. */
export interface Submission {
  readonly userIndex: number;
  readonly week: number;
  readonly state: ApprovalState;
}

export interface ApprovalPlan {
  /** In order of week. The first is approved, the second rejected. */
  readonly submissions: readonly Submission[];
  isApproved(userIndex: number, week: number): boolean;
}

/** A user's week of the history as one value. */
export function weekKey(userIndex: number, week: number): string {
  return `${userIndex}/${week}`;
}

/** Who hands in which week, so that entries and approvals agree about locked weeks. */
export function createApprovalPlan(blueprint: Blueprint): ApprovalPlan {
  const people = times(blueprint.counts.users, (index) => index).filter((index) => userKind(index) !== 'invited');
  const submissions = times(historyWeeks, (week) => submissionsOf(blueprint, people, week)).flat();
  const approved = new Set(
    submissions.filter(({ state }) => state === 'APPROVED').map(({ userIndex, week }) => weekKey(userIndex, week)),
  );
  return { submissions, isApproved: (userIndex, week) => approved.has(weekKey(userIndex, week)) };
}

/** Weeks with more submissions than people begin with some that were withdrawn and made again. */
function submissionsOf({ counts, random }: Blueprint, people: readonly number[], week: number): Submission[] {
  const total = counts.approval_requests;
  const before = Math.floor((week * total) / historyWeeks);
  const until = Math.floor(((week + 1) * total) / historyWeeks);
  const draw = random('approvals', week);
  return times(until - before, (position) => {
    const userIndex = people[(week * 13 + position) % people.length] ?? 0;
    if (position >= people.length) return { userIndex, week, state: 'WITHDRAWN_SUBMISSION' };
    return { userIndex, week, state: stateAt(before + position, week, draw.next()) };
  });
}

const undecidedWeeks = 3;

function stateAt(index: number, week: number, chance: number): ApprovalState {
  if (index === 0) return 'APPROVED';
  if (index === 1) return 'REJECTED';
  if (week >= historyWeeks - undecidedWeeks || chance < 0.05) return 'PENDING';
  if (chance < 0.12) return 'REJECTED';
  if (chance < 0.16) return 'WITHDRAWN_APPROVAL';
  return chance < 0.2 ? 'WITHDRAWN_SUBMISSION' : 'APPROVED';
}
