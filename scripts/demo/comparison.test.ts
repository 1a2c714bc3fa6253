import { expect, test } from '@jest/globals';
import { buildEntityStatus } from '../../test/support/bootstrap-status.ts';
import type { EntityStatus } from '../../src/domain/bootstrap-status.ts';
import { compareMirror, renderComparison } from './comparison.ts';

const content = (count: number, hash: string) => new Map([['tags', { count, hash }]]);
const none = new Map<string, { count: number; hash: string }>();
const read = buildEntityStatus({ state: 'read', complete: true });

test.each<[string, EntityStatus, ReturnType<typeof content>, ReturnType<typeof content>, string | undefined]>([
  ['equal on both sides', read, content(2, 'a'), content(2, 'a'), undefined],
  ['empty on both sides', read, content(0, 'hash of nothing'), none, undefined],
  ['a row too few', read, content(2, 'a'), content(1, 'b'), 'another number of rows'],
  ['a row changed', read, content(2, 'a'), content(2, 'b'), 'other contents'],
  ['not yet read', buildEntityStatus({}), none, none, 'not complete (waiting)'],
  [
    'not complete',
    { ...read, complete: false, reason: 'changed while read' },
    content(2, 'a'),
    content(2, 'a'),
    'changed while read',
  ],
  [
    'failed',
    { ...read, state: 'failed', complete: null, lastError: 'answer 500' },
    content(2, 'a'),
    none,
    'answer 500',
  ],
  ['skipped', buildEntityStatus({ state: 'skipped', reason: 'plan' }), none, none, undefined],
  [
    'skipped with rows in Clockify',
    buildEntityStatus({ state: 'skipped' }),
    content(1, 'a'),
    none,
    'skipped, yet there are rows',
  ],
  [
    'skipped with rows in the mirror',
    buildEntityStatus({ state: 'skipped' }),
    none,
    content(1, 'a'),
    'skipped, yet there are rows',
  ],
])('%s', (_title, status, truth, mirror, fault) => {
  const [compared] = compareMirror([status], truth, mirror);
  expect(compared?.fault).toBe(fault);
});

test('the table shows both counts and the verdict', () => {
  const skipped = buildEntityStatus({ entity: 'invoices', state: 'skipped', reason: 'not in the plan' });
  const failed = buildEntityStatus({ entity: 'expenses', state: 'failed', lastError: 'answer 500' });
  const compared = compareMirror([read, skipped, failed], content(1200, 'a'), content(1200, 'a'));
  expect(renderComparison(compared)).toEqual([
    'entity    in Clockify  in our mirror  complete?',
    'tags            1,200          1,200  yes, same contents',
    'invoices            0              0  not read: not in the plan',
    'expenses            0              0  NO: answer 500',
  ]);
});
