import { defineEntity, p } from '@mikro-orm/core';
import { tenantPolicy } from './tenant-policy.ts';

const RefreshStateSchema = defineEntity({
  name: 'RefreshState',
  tableName: 'refresh_states',
  ...tenantPolicy,
  properties: {
    workspaceId: p.text().primary(),
    addonId: p.text().primary(),
    /** When somebody last looked what is due. */
    lookedAt: p.datetime(6),
    /** Changes before this have been made up for, whatever way they should have come. */
    caughtUpAt: p.datetime(6),
  },
});

/** Where the refreshing of an installation's copy stands. */
export class RefreshState extends RefreshStateSchema.class {}
RefreshStateSchema.setClass(RefreshState);
