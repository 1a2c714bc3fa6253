import { defineEntity, p } from '@mikro-orm/core';
import type { EntityType } from '../domain/entities.ts';
import { tenantPolicy } from './tenant-policy.ts';

const RefreshMarkSchema = defineEntity({
  name: 'RefreshMark',
  tableName: 'refresh_marks',
  ...tenantPolicy,
  properties: {
    workspaceId: p.text().primary(),
    addonId: p.text().primary(),
    entityType: p.text().$type<EntityType>().primary(),
    /** Up to when the feeds of changes were read for this kind. */
    deltaUntil: p.datetime(6).nullable(),
    /** When an event last made us fetch something of this kind. */
    eventAt: p.datetime(6).nullable(),
    /** Changes of a pushed kind that the feeds told and no event had. */
    missed: p.integer().default(0),
  },
});

/** How fresh the copy of one kind is, beside what its runs say. */
export class RefreshMark extends RefreshMarkSchema.class {}
RefreshMarkSchema.setClass(RefreshMark);
