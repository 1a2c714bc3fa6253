import { defineEntity, p } from '@mikro-orm/core';
import type { EntityType } from '../domain/entities.ts';
import type { MirrorSource } from '../domain/entity-history.ts';
import { tenantPolicy } from './tenant-policy.ts';

const EntityVersionSchema = defineEntity({
  name: 'EntityVersion',
  tableName: 'entity_versions',
  ...tenantPolicy,
  properties: {
    workspaceId: p.text().primary(),
    entityType: p.text().$type<EntityType>().primary(),
    entityId: p.text().primary(),
    version: p.integer().primary(),
    payload: p.json<Record<string, unknown>>(),
    hash: p.text(),
    source: p.text().$type<MirrorSource>(),
    isDeleted: p.boolean(),
    validFrom: p.datetime(6),
    validTo: p.datetime(6),
  },
  indexes: [
    {
      name: 'entity_versions_history',
      properties: ['workspaceId', 'validFrom', 'entityType', 'entityId', 'version'],
    },
  ],
});

/** How an entity looked before its present row. A trigger writes it, so that nobody who changes a row can forget it. */
export class EntityVersion extends EntityVersionSchema.class {}
EntityVersionSchema.setClass(EntityVersion);
