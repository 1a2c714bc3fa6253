import { defineEntity, p } from '@mikro-orm/core';
import { tenantPolicy } from './tenant-policy.ts';

/** What nobody came for is thrown away for all workspaces at once. */
const sweep = {
  name: 'sweep',
  command: 'all',
  using: "current_setting('app.sweeping', true) = 'on'",
} as const;

const EarlyWebhookSchema = defineEntity({
  name: 'EarlyWebhook',
  tableName: 'early_webhooks',
  ...tenantPolicy,
  policies: [...tenantPolicy.policies, { ...sweep, check: 'false' }],
  properties: {
    workspaceId: p.text().primary(),
    addonId: p.text().primary(),
    path: p.text().primary(),
    /** Hex sha256: INSTALLED must name this very token for this path. */
    tokenDigest: p.text().primary().hidden(),
    bodyHash: p.blob().primary(),
    event: p.text(),
    raw: p.blob(),
    body: p.json<unknown>().nullable(),
    headers: p.json<Record<string, string>>(),
    state: p.text().$type<'received' | 'quarantined'>(),
    reason: p.text().nullable(),
    receivedAt: p.datetime(6),
    lastReceivedAt: p.datetime(6),
    deliveries: p.integer().default(1),
    requestId: p.text().nullable(),
  },
});

/** A delivery with a genuine token for an installation that we do not know yet: kept for an hour, until INSTALLED. */
export class EarlyWebhook extends EarlyWebhookSchema.class {}
EarlyWebhookSchema.setClass(EarlyWebhook);
