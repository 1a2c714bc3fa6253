import { defineEntity, p } from '@mikro-orm/core';

const ReceiverSchema = defineEntity({
  name: 'Receiver',
  tableName: 'receiver',
  properties: {
    /** There is one. */
    id: p.integer().primary().autoincrement(false).default(1),
    aliveAt: p.datetime(6),
    /** When an API came back after all had been away for longer than Clockify repeats a delivery. */
    gapEndedAt: p.datetime(6).nullable(),
  },
});

/** Whether somebody was there to take deliveries, over all workspaces. */
export class Receiver extends ReceiverSchema.class {}
ReceiverSchema.setClass(Receiver);
