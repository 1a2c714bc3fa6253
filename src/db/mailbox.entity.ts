import { defineEntity, p } from '@mikro-orm/core';

const MailboxSchema = defineEntity({
  name: 'Mailbox',
  tableName: 'mailboxes',
  properties: {
    workspaceId: p.text().primary(),
    addonId: p.text().primary(),
    /** Until then somebody is at it, or was asked to be; null: nobody. */
    awakeUntil: p.datetime(6).nullable(),
    /** Times it was woken since somebody last came. */
    wakings: p.integer().default(0),
  },
});

/** Whether the deliveries of an installation are being processed. No row security: the relay reads across workspaces. */
export class Mailbox extends MailboxSchema.class {}
MailboxSchema.setClass(Mailbox);
