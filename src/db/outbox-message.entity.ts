import { defineEntity, p } from '@mikro-orm/core';

/** `suspected` and `superseded` are our own findings; the others are calls of Clockify. */
export type LifecycleEvent =
  'installed' | 'status-changed' | 'settings-updated' | 'deleted' | 'suspected' | 'superseded';

export interface OutboxPayload {
  readonly requestId: string;
  readonly status?: 'active' | 'inactive';
}

const OutboxMessageSchema = defineEntity({
  name: 'OutboxMessage',
  tableName: 'outbox',
  properties: {
    id: p.bigint().primary().autoincrement(),
    workspaceId: p.text(),
    addonId: p.text(),
    event: p.text().$type<LifecycleEvent>(),
    payload: p.json<OutboxPayload>(),
    createdAt: p.datetime(),
  },
});

/** A lifecycle event on its way to Temporal, written with the rows it changed. No row security: the relay reads across workspaces. */
export class OutboxMessage extends OutboxMessageSchema.class {}
OutboxMessageSchema.setClass(OutboxMessage);
