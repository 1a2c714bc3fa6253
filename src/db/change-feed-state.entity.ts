import { defineEntity, p } from '@mikro-orm/core';
import type { ChangeFeed, FeedState } from '../domain/webhook-states.ts';
import { tenantPolicy } from './tenant-policy.ts';

const ChangeFeedStateSchema = defineEntity({
  name: 'ChangeFeedState',
  tableName: 'change_feed_states',
  ...tenantPolicy,
  properties: {
    workspaceId: p.text().primary(),
    addonId: p.text().primary(),
    feed: p.text().$type<ChangeFeed>().primary(),
    state: p.text().$type<FeedState>(),
    reason: p.text().nullable(),
    checkedAt: p.datetime(),
  },
});

/** Whether a feed of changes is open to an installation, as it was last found. */
export class ChangeFeedState extends ChangeFeedStateSchema.class {}
ChangeFeedStateSchema.setClass(ChangeFeedState);
