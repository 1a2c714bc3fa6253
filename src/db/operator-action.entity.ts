import { defineEntity, p } from '@mikro-orm/core';
import type { EntityType } from '../domain/entities.ts';
import type { LoggedVerb } from '../domain/operator-orders.ts';
import { tenantPolicy } from './tenant-policy.ts';

const OperatorActionSchema = defineEntity({
  name: 'OperatorAction',
  tableName: 'operator_actions',
  ...tenantPolicy,
  properties: {
    workspaceId: p.text().primary(),
    addonId: p.text().primary(),
    seq: p.integer().primary(),
    /** Given with the order, so that writing it again adds nothing. */
    orderId: p.text(),
    runId: p.text().nullable(),
    verb: p.text().$type<LoggedVerb>(),
    entity: p.text().$type<EntityType>().nullable(),
    actor: p.text(),
    reason: p.text().nullable(),
    effect: p.text(),
    at: p.datetime(6),
    /** SHA-256 over this action and the hash before it, so that a changed or missing line shows. */
    hash: p.text(),
  },
  uniques: [{ name: 'operator_actions_once', properties: ['workspaceId', 'addonId', 'orderId'] }],
});

/** Who ordered what, why, and what came of it. Lines are added and never changed; the purge of the installation ends them. */
export class OperatorAction extends OperatorActionSchema.class {}
OperatorActionSchema.setClass(OperatorAction);
