import { defineEntity, p } from '@mikro-orm/core';
import type { EntityType } from '../domain/entities.ts';
import { tenantPolicy } from './tenant-policy.ts';

const WorkspaceDataSchema = defineEntity({
  name: 'WorkspaceData',
  tableName: 'workspace_data',
  ...tenantPolicy,
  properties: {
    workspaceId: p.text().primary(),
    entityType: p.text().$type<EntityType>().primary(),
    entityId: p.text().primary(),
    /** The project, user, policy or invoice whose list held the row. */
    parentId: p.text().nullable(),
    payload: p.json<Record<string, unknown>>(),
    /** Hex sha256 of the canonical JSON as Clockify sent it. */
    hash: p.text(),
    version: p.integer(),
    /** When the request that brought this content left, or the reading that missed the row began; database time. */
    observedAt: p.datetime(6),
    changedAt: p.datetime(6),
    deletedAt: p.datetime(6).nullable(),
  },
});

/** The mirror: one entity of Clockify, its raw JSON, and whether it is still there. */
export class WorkspaceData extends WorkspaceDataSchema.class {}
WorkspaceDataSchema.setClass(WorkspaceData);
