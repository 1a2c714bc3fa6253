import { expect, it } from '@jest/globals';
import { readId, readWorkspaceFacts } from './probe-answers.ts';

it.each<[unknown, ReturnType<typeof readWorkspaceFacts>]>([
  [
    { featureSubscriptionType: 'PRO_2021', features: ['TIME_OFF', 'NEW_ONE'], id: 'w' },
    { plan: 'PRO_2021', features: ['TIME_OFF', 'NEW_ONE'] },
  ],
  [
    { featureSubscriptionType: null, features: null },
    { plan: null, features: null },
  ],
  [
    { featureSubscriptionType: 7, features: 'TIME_OFF' },
    { plan: null, features: null },
  ],
  [{ features: ['A', 7, 'x'.repeat(65), '<b>'] }, { plan: null, features: ['A'] }],
  [{}, { plan: null, features: null }],
  [null, { plan: null, features: null }],
  [undefined, { plan: null, features: null }],
  ['text', { plan: null, features: null }],
])('of the workspace %j it takes plan and features', (body, facts) => {
  expect(readWorkspaceFacts(body)).toEqual(facts);
});

it.each<[unknown, string | null]>([
  [[{ id: 'p1', name: 'P' }, { id: 'p2' }], 'p1'],
  [[], null],
  [[{ name: 'P' }], null],
  [{ projects: [{ id: 'p1' }] }, null],
  [undefined, null],
])('the first id of %j is %p', (body, id) => {
  expect(readId(body)).toBe(id);
});
