import { expect, it } from '@jest/globals';
import type { EntityType } from '../domain/entities.ts';
import type { EntityResult } from './entity.ts';
import { presentRun } from './run-details.ts';

const plan = (['workspace', 'users', 'tags', 'clients'] as const).map((entity) => ({ entity, loops: 1, after: [] }));
const results = new Map<EntityType, EntityResult>([
  ['workspace', { state: 'read', complete: true, rows: 1, reason: null, endsRun: false }],
  ['users', { state: 'failed', complete: false, rows: 0, reason: 'It broke.', endsRun: false }],
]);
const readings = new Map<EntityType, unknown>([['tags', {}]]);
const going = { operator: false, switchedOff: false };

it('shows a run as a table with a line for each kind of rows', () => {
  expect(presentRun({ plan, readings, results, stops: going }).split('\n')).toEqual([
    '| rows of | state | read | proof |',
    '|---|---|---|---|',
    '| workspace | read | 1 | complete |',
    '| users | failed | 0 | It broke. |',
    '| tags | reading | | |',
    '| clients | waiting | | |',
  ]);
});

it.each([
  [{ operator: true, switchedOff: false }, /^\*\*Paused\.\*\* Send the update `resume`/],
  [{ operator: false, switchedOff: true }, /switched off in Clockify/],
  [{ operator: true, switchedOff: true }, /switched off in Clockify/],
])('says why it does not go on: %j', (stops, sentence) => {
  expect(presentRun({ plan, readings, results, stops })).toMatch(sentence);
});
