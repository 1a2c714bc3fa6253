import { describe, expect, it } from '@jest/globals';
import type { EntityType } from '../domain/entities.ts';
import { getReadingRule } from '../domain/reading-rules.ts';
import { contentHash } from './canonical-json.ts';
import { readPage } from './page-answer.ts';
import type { ReadingList } from './page-request.ts';

const listOf = (parentId: string | null): ReadingList => ({ key: 'k', parentId, query: {} });
const read = (entity: EntityType, body: unknown, parentId: string | null = null, lastPage: boolean | null = null) =>
  readPage(getReadingRule(entity), listOf(parentId), 'w1', { body, lastPage });
const idsOf = (entity: EntityType, body: unknown, parentId: string | null = null) =>
  read(entity, body, parentId).rows.map(({ id }) => id);

describe('rows are found', () => {
  it.each<[string, EntityType, unknown]>([
    ['in a bare list', 'tags', [{ id: 'a' }, { id: 'b' }]],
    ['in a wrapped list', 'invoices', { invoices: [{ id: 'a' }, { id: 'b' }], total: 2 }],
    [
      'in a list wrapped twice',
      'expenses',
      { expenses: { expenses: [{ id: 'a' }, { id: 'b' }], count: 2 }, dailyTotals: [{ id: 'x' }], weeklyTotals: [] },
    ],
    ['among the answers to a search', 'time_off_requests', { requests: [{ id: 'a' }, { id: 'b' }], count: 2 }],
    ['in a list that is never paged', 'holidays', [{ id: 'a' }, { id: 'b' }]],
    [
      'by an id that lies deeper',
      'approval_requests',
      [{ approvalRequest: { id: 'a' }, entries: [{ id: 'x' }] }, { approvalRequest: { id: 'b' } }],
    ],
  ])('%s', (_, entity, body) => {
    expect(idsOf(entity, body)).toEqual(['a', 'b']);
  });

  it('as the whole answer when it is one object', () => {
    expect(idsOf('workspace', { id: 'w1', name: 'Acme' })).toEqual(['w1']);
  });

  it('by the workspace when one object has no id', () => {
    expect(idsOf('invoice_settings', { labels: {} })).toEqual(['w1']);
  });

  it('by the parent when its object has no id', () => {
    expect(read('member_profiles', { weekStart: 'MONDAY' }, 'u1').rows).toMatchObject([{ id: 'u1', parent: 'u1' }]);
  });

  it('by parent and id where one id occurs below several parents', () => {
    expect(idsOf('user_managers', [{ id: 'm1' }], 'u1')).toEqual(['u1:m1']);
    expect(idsOf('project_custom_fields', [{ id: 'f1' }], 'p1')).toEqual(['p1:f1']);
  });

  it('nowhere in an empty body of a single object', () => {
    expect(read('invoice_settings', null)).toMatchObject({ rows: [], answer: { ids: [] } });
  });

  it('nowhere in an empty list', () => {
    expect(read('tags', [], null, true)).toMatchObject({ rows: [], answer: { ids: [], lastPage: true, count: null } });
  });
});

describe('a row', () => {
  it('is kept as it came: unknown fields, nulls and unknown words', () => {
    const payload = { id: 'b1', negativeBalanceUsed: 3, policy: null, status: 'A_NEW_WORD', 'od d': { é: [null] } };
    const body = { balances: [payload], count: 1 };
    expect(read('time_off_balances', body, 'p1').rows).toEqual([
      { id: 'b1', parent: 'p1', payload, hash: contentHash(payload) },
    ]);
  });

  it('that comes twice on a page is stored once, as it came last, and counted twice', () => {
    const { rows, answer } = read('tags', [{ id: 'a', name: 'old' }, { id: 'b' }, { id: 'a', name: 'new' }]);
    expect(rows.map(({ payload }) => payload)).toEqual([{ id: 'a', name: 'new' }, { id: 'b' }]);
    expect(answer.ids).toEqual(['a', 'b', 'a']);
  });
});

describe('an answer', () => {
  it.each<[EntityType, unknown, number | null]>([
    ['invoices', { invoices: [], total: 7 }, 7],
    ['expenses', { expenses: { expenses: [], count: 8 } }, 8],
    ['shared_reports', { reports: [], count: 0 }, 0],
    ['tags', [], null],
  ])('of %s counts rows where it says so', (entity, body, count) => {
    expect(read(entity, body).answer.count).toBe(count);
  });

  it('has the digest of its ids in their order', () => {
    const digestOf = (...ids: string[]) =>
      read(
        'tags',
        ids.map((id) => ({ id })),
      ).answer.digest;
    expect(digestOf('a', 'b')).toBe(digestOf('a', 'b'));
    expect(new Set([digestOf('a', 'b'), digestOf('b', 'a'), digestOf('ab'), digestOf()]).size).toBe(4);
  });

  it.each<[string, EntityType, unknown]>([
    ['an object for a list', 'tags', { id: 'a' }],
    ['a list for a wrapped list', 'invoices', [{ id: 'a' }]],
    ['another envelope', 'invoices', { items: [{ id: 'a' }], total: 1 }],
    ['an envelope once instead of twice', 'expenses', { expenses: [{ id: 'a' }], count: 1 }],
    ['an envelope that is inherited', 'invoices', Object.create({ invoices: [], total: 0 })],
    ['no body for a list', 'tags', null],
    ['a scalar for a list', 'tags', 5],
    ['a list for one object', 'workspace', [{ id: 'w1' }]],
    ['a scalar for one object', 'workspace', 'w1'],
    ['a null among the rows', 'tags', [{ id: 'a' }, null]],
    ['a list among the rows', 'tags', [{ id: 'a' }, []]],
    ['a text among the rows', 'tags', [{ id: 'a' }, 'b']],
    ['a row without an id', 'tags', [{ id: 'a' }, { name: 'b' }]],
    ['a row with an empty id', 'tags', [{ id: '' }]],
    ['a row whose id is a number', 'tags', [{ id: 7 }]],
    ['a row whose id is null', 'tags', [{ id: null }]],
    ['a row whose id is not where it belongs', 'approval_requests', [{ id: 'a' }]],
    ['no count', 'invoices', { invoices: [{ id: 'a' }] }],
    ['a count that is text', 'invoices', { invoices: [], total: '7' }],
    ['a count below nought', 'invoices', { invoices: [], total: -1 }],
    ['part of a row in its count', 'invoices', { invoices: [], total: 1.5 }],
  ])('with %s is refused whole', (_, entity, body) => {
    expect(() => read(entity, body)).toThrow(expect.objectContaining({ code: 'clockify_answer_malformed' }));
  });
});
