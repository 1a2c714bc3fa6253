import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createCostSurvey } from './cost-survey.ts';
import type { CostSurvey, Look, SeenPage } from './cost-survey.ts';
import type { EntityType } from './entities.ts';
import { getReadingRule } from './reading-rules.ts';
import { countRequests } from './request-count.ts';
import type { Population } from './surveyed-kind.ts';

/** Rows of each list, by kind and then by parent; what has no parent stands at ''. */
type Workspace = Partial<Record<EntityType, Readonly<Record<string, number>>>>;

const rowId = (entity: EntityType, index: number): string => `${entity}-${index}`;

/** Every second invoice has been paid. */
function answer(workspace: Workspace, { rule, parentId, page, pageSize }: Look): SeenPage {
  const rows = workspace[rule.entity]?.[parentId ?? ''] ?? 0;
  const from = rule.paging === 'whole' ? 0 : (page - 1) * pageSize;
  const to = rule.paging === 'whole' ? rows : Math.min(rows, from + pageSize);
  const ids = Array.from({ length: Math.max(0, to - from) }, (_, index) => rowId(rule.entity, from + index));
  return {
    answer: { ids, digest: '', lastPage: to >= rows, count: rule.countAt === undefined ? null : rows },
    rows: ids.map((id, index) => ({ id, isPaid: (from + index) % 2 === 0 })),
  };
}

const open = (entities: readonly EntityType[], known?: Population): CostSurvey =>
  createCostSurvey({
    rules: entities.map(getReadingRule),
    knownParents: () => known,
    pageSizeOf: ({ pageSize = 200 }) => pageSize,
    maxPages: 1_000,
  });

function conduct(survey: CostSurvey, workspace: Workspace, most = 60): Look[] {
  const looks: Look[] = [];
  while (looks.length < most) {
    const next = survey.nextLooks(Math.min(6, most - looks.length));
    if (next.length === 0) break;
    for (const look of next) survey.note(look, answer(workspace, look));
    looks.push(...next);
  }
  return looks;
}

const measureOf = (survey: CostSurvey, entity: EntityType) =>
  survey.measures().find((kind) => kind.entity === entity)?.measure;

/** As many lists below one kind as it has rows, of the lengths given in turn. */
const below = (parent: EntityType, parents: number, lengths: readonly number[]): Record<string, number> =>
  Object.fromEntries(
    Array.from({ length: parents }, (_, index) => [rowId(parent, index), lengths[index % lengths.length] ?? 0]),
  );

describe('a survey', () => {
  it('takes one look at a list that fits on a page', () => {
    const survey = open(['tags']);
    expect(conduct(survey, { tags: { '': 40 } })).toHaveLength(1);
    expect(measureOf(survey, 'tags')).toEqual({ calls: 1, margin: 0, rows: 40 });
  });

  it('believes a count, and looks no further', () => {
    const survey = open(['expenses']);
    expect(conduct(survey, { expenses: { '': 80_000 } })).toHaveLength(1);
    expect(measureOf(survey, 'expenses')).toEqual({ calls: 400, margin: 0, rows: 80_000 });
  });

  it('asks for no page of what is one object', () => {
    const survey = open(['workspace', 'invoice_settings']);
    expect(conduct(survey, {})).toEqual([]);
    expect(measureOf(survey, 'invoice_settings')).toEqual({ calls: 1, margin: 0, rows: 1 });
  });

  it('brackets the end of any list', () => {
    fc.assert(
      fc.property(fc.nat(150_000), (rows) => {
        const survey = open(['assignments']);
        expect(conduct(survey, { assignments: { '': rows } }).length).toBeLessThanOrEqual(25);
        const truth = countRequests(getReadingRule('assignments'), rows, { pageSize: 200, maxPages: 1_000 });
        const { calls, margin } = measureOf(survey, 'assignments') ?? { calls: 0, margin: 0 };
        expect(Math.abs(calls - truth)).toBeLessThanOrEqual(Math.max(1, 2 * margin));
        expect(margin).toBeLessThanOrEqual(Math.max(1, 0.02 * truth));
      }),
    );
  });

  it('counts one call for each parent whose list is short, by two of them', () => {
    const survey = open(['projects', 'tasks']);
    const looks = conduct(survey, { projects: { '': 2_255 }, tasks: below('projects', 2_255, [2, 0, 3]) });
    expect(looks.filter(({ rule }) => rule.entity === 'tasks')).toHaveLength(2);
    expect(measureOf(survey, 'tasks')).toMatchObject({ calls: 2_255, margin: 0 });
  });

  it('samples long lists below many parents, and says how far off that may be', () => {
    const lengths = [4_000, 6_000, 2_000, 0, 5_000, 3_500, 4_500];
    const workspace = { users: { '': 140 }, time_entries: below('users', 140, lengths) };
    const survey = open(['users', 'time_entries']);
    conduct(survey, workspace);
    const truth = 20 * lengths.reduce((sum, rows) => sum + Math.floor(rows / 200) + 1, 0);
    const { calls, margin } = measureOf(survey, 'time_entries') ?? { calls: 0, margin: 0 };
    expect(Math.abs(calls - truth)).toBeLessThanOrEqual(margin);
    expect(margin).toBeLessThan(truth / 2);
  });

  it('looks at every parent when there are few, and then knows', () => {
    const survey = open(['users', 'time_entries']);
    conduct(survey, { users: { '': 3 }, time_entries: below('users', 3, [150, 1_999, 0]) });
    expect(measureOf(survey, 'time_entries')).toEqual({ calls: 12, margin: 0, rows: 2_149 });
  });

  it('takes the share of paid invoices from all over the list', () => {
    const survey = open(['invoices', 'invoice_details', 'invoice_payments']);
    const payments = below('invoices', 6_000, [1, 2]);
    const looks = conduct(survey, { invoices: { '': 6_000 }, invoice_payments: payments });
    const pages = looks.filter(({ rule }) => rule.entity === 'invoices').map(({ page }) => page);
    expect(Math.max(...pages)).toBeGreaterThan(15);
    expect(measureOf(survey, 'invoice_details')).toEqual({ calls: 6_000, margin: 0, rows: 6_000 });
    expect(measureOf(survey, 'invoice_payments')?.calls).toBe(3_000);
  });

  it('takes parents that are known as they are', () => {
    const known = { count: 5_000, margin: 0, ids: Array.from({ length: 200 }, (_, index) => rowId('projects', index)) };
    const survey = open(['tasks'], known);
    conduct(survey, { tasks: below('projects', 200, [1]) });
    expect(measureOf(survey, 'tasks')).toMatchObject({ calls: 5_000, margin: 0, rows: 5_000 });
  });

  it('looks at the same pages when the answers are the same', () => {
    const workspace = { projects: { '': 900 }, users: { '': 90 }, time_entries: below('users', 90, [9_000, 100]) };
    const entities = ['projects', 'users', 'tasks', 'time_entries'] as const;
    expect(conduct(open(entities), workspace)).toEqual(conduct(open(entities), workspace));
  });

  it('starts with what others hang on, and stops with the budget', () => {
    const survey = open(['clients', 'users', 'projects', 'tasks', 'time_entries']);
    const looks = conduct(survey, { users: { '': 90 }, projects: { '': 9_000 } }, 4);
    expect(looks.map(({ rule }) => rule.entity)).toEqual(['users', 'projects', 'clients', 'projects']);
    expect(survey.nextLooks(1)).toMatchObject([{ isEssential: expect.any(Boolean) }]);
  });

  it('counts a kind that is closed as its refusals, and nothing below it', () => {
    const survey = open(['invoices', 'invoice_details', 'projects', 'tasks']);
    const refuse = (entity: EntityType): void => {
      const look = survey.nextLooks(9).find(({ rule }) => rule.entity === entity);
      if (look !== undefined) survey.refuse(look, 'closed');
    };
    refuse('invoices');
    conduct(survey, { projects: { '': 50 } }, 1);
    refuse('tasks');
    expect(conduct(survey, {})).toEqual([]);
    expect(survey.measures().map(({ measure, refusal }) => [measure.calls, refusal])).toEqual([
      [1, 'closed'],
      [0, null],
      [1, null],
      [4, 'closed'],
    ]);
  });

  it('asks for smaller pages when the size is refused', () => {
    const survey = open(['tags']);
    const [look] = survey.nextLooks(1);
    if (look !== undefined) survey.shrink(look);
    expect(survey.nextLooks(1)).toMatchObject([{ page: 1, pageSize: 100 }]);
    conduct(survey, { tags: { '': 250 } });
    expect(measureOf(survey, 'tags')).toEqual({ calls: 3, margin: 0, rows: 250 });
  });
});
