import { defineEntity, p } from '@mikro-orm/core';
import type { DeliveryIds } from '../domain/event-targets.ts';
import type { DeliveryState } from '../domain/inbox.ts';
import { tenantPolicy } from './tenant-policy.ts';

/** The relay finds the mailboxes to wake; of the deliveries it sees those that wait. */
const relayReads = {
  name: 'relay_reads',
  command: 'select',
  using: "state = 'received' and current_setting('app.relay', true) = 'on'",
} as const;

const WebhookEventSchema = defineEntity({
  name: 'WebhookEvent',
  tableName: 'webhook_events',
  ...tenantPolicy,
  policies: [...tenantPolicy.policies, relayReads],
  properties: {
    workspaceId: p.text().primary(),
    addonId: p.text().primary(),
    id: p.bigint().primary().autoincrement(),
    event: p.text(),
    /** SHA-256 of the bytes as they came. */
    bodyHash: p.blob(),
    /** Identical bodies that come within one window are one row. */
    windowStart: p.datetime(6),
    raw: p.blob(),
    /** Null when the bytes are no JSON that can be stored. */
    body: p.json<unknown>().nullable(),
    /** What it is about, by a trigger; null of one that came before there was one. */
    ids: p.json<DeliveryIds>().nullable(),
    /** Values of headers that may hold a secret are masked. */
    headers: p.json<Record<string, string>>(),
    receivedAt: p.datetime(6),
    lastReceivedAt: p.datetime(6),
    /** How often it came. */
    deliveries: p.integer().default(1),
    state: p.text().$type<DeliveryState>(),
    /** Times its processing was tried since it last came. */
    attempts: p.integer().default(0),
    /** From when on processing may take it. */
    dueAt: p.datetime(6),
    /** Why it is quarantined or parked. */
    reason: p.text().nullable(),
    effect: p.text().nullable(),
    entityType: p.text().nullable(),
    entityId: p.text().nullable(),
    processedAt: p.datetime(6).nullable(),
    /** Of the request that brought it last. */
    requestId: p.text().nullable(),
    /** Set by a trigger with each change. */
    changedAt: p.datetime(6).defaultRaw('clock_timestamp()'),
  },
  // The window before the hash: new rows then go to the same few pages of the index.
  uniques: [
    {
      name: 'webhook_events_once',
      properties: ['workspaceId', 'addonId', 'event', 'windowStart', 'bodyHash'],
    },
  ],
  indexes: [
    {
      name: 'webhook_events_due',
      expression:
        "create index webhook_events_due on webhook_events (workspace_id, addon_id, due_at) where state = 'received'",
    },
    // The newest of each state, and of each event in each state: whatever a list is narrowed by, it reads no other rows.
    { name: 'webhook_events_newest', properties: ['workspaceId', 'addonId', 'state', 'receivedAt', 'id'] },
    {
      name: 'webhook_events_newest_of_event',
      properties: ['workspaceId', 'addonId', 'event', 'state', 'receivedAt', 'id'],
    },
    { name: 'webhook_events_changes', properties: ['workspaceId', 'addonId', 'changedAt'] },
  ],
});

/** A delivery that proved to come from Clockify, as it came, and what became of it. */
export class WebhookEvent extends WebhookEventSchema.class {}
WebhookEventSchema.setClass(WebhookEvent);
