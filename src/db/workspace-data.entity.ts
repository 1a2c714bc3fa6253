import { defineEntity, p } from '@mikro-orm/core';
import type { EntityType } from '../domain/entities.ts';
import type { MirrorSource } from '../domain/entity-history.ts';
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
    /** Of the present version. */
    source: p.text().$type<MirrorSource>().default('scan'),
  },
  indexes: [
    {
      name: 'workspace_data_changes',
      properties: ['workspaceId', 'changedAt', 'entityType', 'entityId', 'version'],
    },
    {
      name: 'workspace_data_children',
      expression: `create index workspace_data_children on workspace_data (workspace_id, entity_type, parent_id)
        where entity_type <> 'time_entries' and parent_id is not null`,
    },
  ],
});

/** The mirror: one entity of Clockify, its raw JSON, and whether it is still there. */
export class WorkspaceData extends WorkspaceDataSchema.class {}
WorkspaceDataSchema.setClass(WorkspaceData);
