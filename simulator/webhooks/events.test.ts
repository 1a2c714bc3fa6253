import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { webhookEvents } from '../api/operations.ts';
import { mismatches } from '../test-support/match-shape.ts';
import { eventOf, startWatched, type Watched } from '../test-support/watched.ts';
import type { Shape } from '../test-support/shape.ts';
import { webhookShapes } from '../test-support/webhook-shapes.ts';
import { eventRules, findEventRule } from './events.ts';

let watched: Watched;

beforeAll(async () => {
  watched = await startWatched({ install: { profile: 'S', seed: 7 } });
  for (const event of webhookEvents) watched.simulator.fireWebhook(watched.workspaceId, { event, times: 5 });
  await watched.simulator.settleDeliveries(watched.workspaceId);
});
afterAll(() => watched.close());

const bodiesOf = (event: string) => watched.addon.webhooks().filter((call) => eventOf(call) === event);

it('knows the 51 events of the API document, and no other', () => {
  expect(Object.keys(eventRules).toSorted()).toEqual([...webhookEvents].toSorted());
  expect(webhookEvents).toHaveLength(51);
  expect(findEventRule('TIME_ENTRY_BATCH_DELETED')).toBeUndefined();
});

it.each(Object.entries(webhookShapes))('%s carries the fields of its samples, and no other', (event, shape: Shape) => {
  const bodies = bodiesOf(event);

  expect(bodies).toHaveLength(5);
  expect(bodies.flatMap(({ body }) => mismatches(body, shape))).toEqual([]);
});

it('has a shape to check for every event', () => {
  expect(Object.keys(webhookShapes).toSorted()).toEqual(Object.keys(eventRules).toSorted());
});

it('names no workspace in the bodies of invoices, tasks and people', () => {
  const without = webhookEvents.filter((event) => bodiesOf(event)[0]?.body['workspaceId'] === undefined);

  expect(without.toSorted()).toEqual([
    'INVOICE_UPDATED',
    'NEW_INVOICE',
    'NEW_TASK',
    'TASK_DELETED',
    'TASK_UPDATED',
    'USER_ACTIVATED_ON_WORKSPACE',
    'USER_DEACTIVATED_ON_WORKSPACE',
    'USER_DELETED_FROM_WORKSPACE',
    'USER_EMAIL_CHANGED',
    'USER_JOINED_WORKSPACE',
    'USER_UPDATED',
  ]);
});

it('marks the bodies nobody ever published', () => {
  const guessed = Object.entries(eventRules).filter(([, rule]) => 'isGuessed' in rule);

  expect(guessed.map(([event]) => event)).toEqual(['TIME_OFF_REQUEST_UPDATED', 'TIME_OFF_REQUEST_STARTED']);
});
