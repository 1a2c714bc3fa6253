import { describe, expect, it } from '@jest/globals';
import {
  buildWebhookPath,
  eventsBySchemaVersion,
  findEventOfPath,
  isWebhookEvent,
  schemaVersions,
  webhookEvents,
  webhookPriority,
} from './webhook-events.ts';
import type { WebhookEvent } from './webhook-events.ts';

describe('webhookPriority', () => {
  it('names each of the 51 events once, with a reason', () => {
    expect(new Set(webhookEvents).size).toBe(51);
    expect(webhookPriority).toHaveLength(51);
    expect(webhookPriority.filter(({ reason }) => reason.length < 10)).toEqual([]);
  });

  it('starts with what people look at live', () => {
    expect(webhookEvents.slice(0, 13)).toEqual([
      'NEW_TIME_ENTRY',
      'TIME_ENTRY_UPDATED',
      'TIME_ENTRY_DELETED',
      'TIMER_STOPPED',
      'NEW_TIMER_STARTED',
      'NEW_PROJECT',
      'NEW_TASK',
      'APPROVAL_REQUEST_STATUS_UPDATED',
      'NEW_CLIENT',
      'TIME_OFF_REQUESTED',
      'PROJECT_UPDATED',
      'TASK_UPDATED',
      'EXPENSE_CREATED',
    ]);
  });

  it.each([
    'NEW_APPROVAL_REQUEST',
    'TIME_OFF_REQUEST_APPROVED',
    'NEW_INVOICE',
    'INVOICE_UPDATED',
    'USER_JOINED_WORKSPACE',
    'USER_DEACTIVATED_ON_WORKSPACE',
  ] as const)('puts %s, which no feed covers, before everything a feed tells later', (event) => {
    const covered: WebhookEvent[] = [
      'PROJECT_DELETED',
      'TASK_DELETED',
      'CLIENT_UPDATED',
      'NEW_TAG',
      'TIME_ENTRY_SPLIT',
    ];
    for (const later of covered) expect(webhookEvents.indexOf(event)).toBeLessThan(webhookEvents.indexOf(later));
  });
});

describe('eventsBySchemaVersion', () => {
  it.each([
    ['1.2', 42],
    ['1.3', 22],
    ['1.4', 22],
    ['1.5', 50],
    ['1.5.1', 51],
    ['1.6', 51],
  ] as const)('version %s has %i events, none twice', (version, expected) => {
    expect(new Set(eventsBySchemaVersion[version]).size).toBe(expected);
    expect(eventsBySchemaVersion[version]).toHaveLength(expected);
  });

  it('lists every version it knows', () => {
    expect(Object.keys(eventsBySchemaVersion)).toEqual([...schemaVersions]);
  });

  it('leaves an update of a project out of 1.3 and 1.4, though 1.2 had it', () => {
    const versions = schemaVersions.filter((version) => eventsBySchemaVersion[version].includes('PROJECT_UPDATED'));
    expect(versions).toEqual(['1.2', '1.5', '1.5.1', '1.6']);
  });

  it('has the start of time off only since 1.5.1', () => {
    const versions = schemaVersions.filter((version) =>
      eventsBySchemaVersion[version].includes('TIME_OFF_REQUEST_STARTED'),
    );
    expect(versions).toEqual(['1.5.1', '1.6']);
  });
});

describe('isWebhookEvent', () => {
  it.each(['TIME_ENTRY_BATCH_DELETED', 'TIME_ENTRY_CREATED', 'INVOICE_DELETED', 'new_project', '', 'constructor'])(
    'does not know %j',
    (name) => expect(isWebhookEvent(name)).toBe(false),
  );

  it('knows every event of the list', () => {
    expect(webhookEvents.every(isWebhookEvent)).toBe(true);
  });
});

describe('findEventOfPath', () => {
  it.each(webhookEvents)('finds %s by its own path', (event) => {
    expect(findEventOfPath(buildWebhookPath(event))).toBe(event);
  });

  it.each([
    '//webhooks/clockify/NEW_TAG',
    'https://addon.example.com/webhooks/clockify/NEW_TAG',
    'https://addon.example.com//webhooks/clockify/NEW_TAG',
    'https://example.com/addons/studio/webhooks/clockify/NEW_TAG',
    'webhooks/clockify/NEW_TAG',
  ])('finds the event of %s', (path) => {
    expect(findEventOfPath(path)).toBe('NEW_TAG');
  });

  it.each([
    '/webhooks/clockify/TIME_ENTRY_BATCH_DELETED',
    '/webhooks/clockify/new_tag',
    '/webhooks/clockify/NEW_TAG/more',
    '/webhooks/custom/NEW_TAG',
    '/otherwebhooks/clockify/NEW_TAG',
    '',
  ])('finds nothing behind %j', (path) => {
    expect(findEventOfPath(path)).toBeUndefined();
  });
});
