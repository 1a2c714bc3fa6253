import { describe, expect, it } from '@jest/globals';
import type { DeliveryEffect, DueDelivery } from '../db/deliveries.ts';
import type { RefetchTarget } from '../domain/refetch-target.ts';
import { groupByTarget, noteFetched } from './delivery-round.ts';
import type { OpenDelivery } from './delivery-round.ts';

const [a, b, user] = ['a'.repeat(24), 'b'.repeat(24), 'c'.repeat(24)];
const noIds = { userId: null, projectId: null, expenseId: null, assignmentId: null, targetId: null, firstTaskId: null };
const due = (event: string, id: string | null, more: Partial<DueDelivery['ids']> = {}): DueDelivery => ({
  id: `${event} ${id}`,
  event,
  ids: { ...noIds, id, ...more },
  deliveries: 1,
  attempts: 0,
  receivedMs: 0,
  requestId: null,
});

describe('deliveries', () => {
  it('are put together by what one fetch answers, in the order in which they wait', () => {
    const { groups } = groupByTarget([
      due('NEW_TAG', a),
      due('NEW_CLIENT', a),
      due('TAG_UPDATED', a),
      due('NEW_TAG', b),
    ]);
    expect(groups.map(({ key, deliveries }) => [key, deliveries.length])).toEqual([
      [`tags/id/${a}`, 2],
      [`clients/id/${a}`, 1],
      [`tags/id/${b}`, 1],
    ]);
  });

  it('about one member share the list of that member', () => {
    const { groups } = groupByTarget([
      due('EXPENSE_CREATED', a, { userId: user }),
      due('EXPENSE_CREATED', b, { userId: user }),
    ]);
    expect(groups).toHaveLength(1);
  });

  it('that need several fetches are done with the last one', () => {
    const { groups } = groupByTarget([due('INVOICE_UPDATED', a)]);
    expect(groups).toHaveLength(3);
    expect(groups[0]?.deliveries[0]).toBe(groups[2]?.deliveries[0]);
    expect(groups[0]?.deliveries[0]?.left).toBe(3);
  });

  it.each([due('NEW_TAG', null), due('NO_SUCH_EVENT', a)])('that name nothing are ignored: $event', (delivery) => {
    const { groups, ignored } = groupByTarget([delivery]);
    expect(groups).toEqual([]);
    expect(ignored).toMatchObject([{ effect: 'ignored', left: 0 }]);
  });
});

describe('the effect of a delivery', () => {
  const one: RefetchTarget = { by: 'id', entity: 'tags', id: a };
  const list: RefetchTarget = { by: 'list', entity: 'tags' };
  const below: RefetchTarget = { by: 'parent', entity: 'tasks', id: a };

  it.each<[string, RefetchTarget, string | null, string[], string[], DeliveryEffect]>([
    ['nothing happened', one, a, [], [], 'unchanged'],
    ['its row changed', one, a, [a], [], 'changed'],
    ['its row is gone', one, a, [], [a], 'deleted'],
    ['others on the list changed', list, a, [b], [], 'unchanged'],
    ['others on the list are gone', list, a, [], [b], 'unchanged'],
    ['it names none, and something on the list changed', list, null, [b], [], 'changed'],
    ['it names none, and something on the list is gone', list, null, [], [b], 'changed'],
    ['rows below it changed', below, a, [b], [], 'changed'],
    ['rows below it are gone', below, a, [], [b], 'changed'],
  ])('when %s', (_, target, entityId, changed, deleted, effect) => {
    const delivery = due('NEW_TAG', entityId);
    const open: OpenDelivery = { delivery, entity: 'tags', entityId, left: 1, effect: 'unchanged', error: null };
    noteFetched(open, target, { began: null, changed, deleted });
    expect(open).toMatchObject({ effect, left: 0 });
  });

  it('stays a deletion whatever else was fetched for it', () => {
    const [open] = groupByTarget([due('INVOICE_UPDATED', a)]).groups[0]?.deliveries ?? [];
    if (open === undefined) throw new Error('no delivery');
    noteFetched(open, { by: 'id', entity: 'invoices', id: a }, { began: null, changed: [], deleted: [a] });
    noteFetched(open, { by: 'parent', entity: 'invoice_payments', id: a }, { began: null, changed: [b], deleted: [] });
    expect(open.effect).toBe('deleted');
  });
});
