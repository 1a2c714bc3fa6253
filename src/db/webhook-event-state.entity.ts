import { defineEntity, p } from '@mikro-orm/core';
import type { WebhookEvent } from '../domain/webhook-events.ts';
import type { EventState } from '../domain/webhook-states.ts';
import { tenantPolicy } from './tenant-policy.ts';

const WebhookEventStateSchema = defineEntity({
  name: 'WebhookEventState',
  tableName: 'webhook_event_states',
  ...tenantPolicy,
  properties: {
    workspaceId: p.text().primary(),
    addonId: p.text().primary(),
    event: p.text().$type<WebhookEvent>().primary(),
    state: p.text().$type<EventState>(),
    reason: p.text().nullable(),
    checkedAt: p.datetime(),
  },
});

/** Whether an event of Clockify reaches an installation, as it was last found. */
export class WebhookEventState extends WebhookEventStateSchema.class {}
WebhookEventStateSchema.setClass(WebhookEventState);
