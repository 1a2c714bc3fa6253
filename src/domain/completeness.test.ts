import { describe, expect, it, test } from '@jest/globals';
import type { EntityState, Evidence, RunStatus } from './bootstrap-status.ts';
import { judgeCompleteness, judgeRun } from './completeness.ts';
import type { Counted } from './completeness.ts';
import type { EntityType } from './entities.ts';
import { emptyTally } from './paging.ts';
import type { Tally } from './paging.ts';
import { getReadingRule } from './reading-rules.ts';

const tally = (expected: number, reasons: readonly string[] = []): Tally => ({
  ...emptyTally,
  lists: 1,
  expected,
  rows: expected,
  reasons,
});
const judge = (counted: Partial<Counted>) =>
  judgeCompleteness(getReadingRule('tags'), { tallies: [tally(3)], seen: 3, repeated: 0, stored: 3, ...counted });

describe('a copy', () => {
  it('is complete when all loops together expected what stands in the mirror', () => {
    const verdict = judge({ tallies: [tally(2), tally(0), tally(1)] });
    expect(verdict).toEqual({
      complete: true,
      isDisturbed: false,
      expected: 3,
      stored: 3,
      evidence: 'last_page',
      reason: null,
    });
  });

  it('of nothing is complete when nothing was expected', () => {
    expect(judge({ tallies: [tally(0)], seen: 0, stored: 0 })).toMatchObject({ complete: true, expected: 0 });
  });

  it.each<[string, Partial<Counted>, string]>([
    ['a loop gave a reason', { tallies: [tally(3, ['Why.'])] }, 'Why.'],
    ['loops gave the same reason', { tallies: [tally(1, ['Why.']), tally(2, ['Why.', 'Other.'])] }, 'Why. Other.'],
    ['rows came twice', { repeated: 2 }, '2 rows came twice: the list changed while it was read.'],
    ['seen rows are not in the mirror', { stored: 1 }, '2 of 3 rows are not in the mirror.'],
    ['more was expected', { tallies: [tally(5)] }, '5 rows were expected and 3 are in the mirror.'],
    ['less was expected', { tallies: [tally(1)] }, '1 rows were expected and 3 are in the mirror.'],
  ])('is not complete when %s', (_, counted, reason) => {
    expect(judge(counted)).toMatchObject({ complete: false, reason });
  });
});

test.each<[string, Partial<Counted>, boolean]>([
  ['rows came twice', { repeated: 1 }, true],
  ['fewer rows than expected are there, and nothing says why', { tallies: [tally(5)] }, true],
  ['the platform gave no proof', { tallies: [tally(3, ['Why.'])] }, false],
])('reading once more can help when %s: %#', (_, counted, isDisturbed) => {
  expect(judge(counted)).toMatchObject({ complete: false, isDisturbed });
});

test.each<[EntityType, Evidence]>([
  ['workspace', 'single_object'],
  ['tags', 'last_page'],
  ['holidays', 'whole_list'],
  ['expenses', 'count'],
  ['time_off_requests', 'count'],
  ['tasks', 'every_parent'],
  ['invoice_details', 'every_parent'],
  ['time_off_balances', 'every_parent'],
])('the evidence for %s is %s', (entity, evidence) => {
  const counted = { tallies: [], seen: 0, repeated: 0, stored: 0 };
  expect(judgeCompleteness(getReadingRule(entity), counted)).toHaveProperty('evidence', evidence);
});

describe('a run', () => {
  const outcome = (state: EntityState, complete: boolean | null) => ({ state, complete });
  const proven = outcome('read', true);
  const unproven = outcome('read', false);
  const skipped = outcome('skipped', false);
  const failed = outcome('failed', false);

  it.each<[RunStatus, string, ReturnType<typeof outcome>[]]>([
    ['COMPLETED', 'everything is proven', [proven, proven]],
    ['COMPLETED_WITH_WARNINGS', 'something is not proven', [proven, unproven]],
    ['COMPLETED_WITH_WARNINGS', 'something was skipped', [proven, skipped]],
    ['COMPLETED_WITH_WARNINGS', 'something was never settled', [proven, outcome('waiting', null)]],
    ['COMPLETED_WITH_ERRORS', 'something failed', [proven, unproven, failed]],
    ['FAILED', 'everything failed', [failed, failed]],
  ])('is %s when %s', (status, _, outcomes) => {
    expect(judgeRun(outcomes)).toBe(status);
  });
});
