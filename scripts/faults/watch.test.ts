import { expect, it } from '@jest/globals';
import type { EntityState } from '../../src/domain/bootstrap-status.ts';
import { buildEntityStatus, buildStatus } from '../../test/support/bootstrap-status.ts';
import { findSetbacks } from './watch.ts';

const tags = (pages: number, rows: number, state: EntityState = 'reading') =>
  buildEntityStatus({ entity: 'tags', state, pages, rows });

it.each([
  ['nothing when numbers grow', buildStatus([tags(1, 40)]), buildStatus([tags(2, 80)], { requests: 13 }), []],
  ['pages that fell', buildStatus([tags(2, 40)]), buildStatus([tags(1, 40)]), ['pages of tags fell from 2 to 1']],
  ['rows that fell', buildStatus([tags(2, 62)]), buildStatus([tags(2, 60)]), ['rows of tags fell from 62 to 60']],
  [
    'rows that fell at the end',
    buildStatus([tags(2, 60)]),
    buildStatus([tags(2, 59, 'read')]),
    ['rows of tags fell from 60 to 59'],
  ],
  ['requests that fell', buildStatus([]), buildStatus([], { requests: 11 }), ['requests fell from 12 to 11']],
  ['nothing of another run', buildStatus([tags(9, 9)]), buildStatus([tags(0, 0)], { runId: 'r2' }), []],
  ['nothing of a kind that is new', buildStatus([]), buildStatus([tags(0, 0)]), []],
])('finds %s', (_name, before, now, expected) => {
  expect(findSetbacks(before, now)).toEqual(expected);
});
