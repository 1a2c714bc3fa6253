import { defineEntity, p } from '@mikro-orm/core';
import { tenantPolicy } from './tenant-policy.ts';

/** `manifest`: signs with a JWT that must also verify; `opaque`: created through the API, compared only. */
type WebhookKind = 'manifest' | 'opaque';

const WebhookRegistrationSchema = defineEntity({
  name: 'WebhookRegistration',
  tableName: 'webhook_registrations',
  ...tenantPolicy,
  properties: {
    workspaceId: p.text().primary(),
    addonId: p.text().primary(),
    path: p.text().primary(),
    event: p.text(),
    kind: p.text().$type<WebhookKind>(),
    /** Hex sha256: a token is only ever compared, so it is not kept. */
    tokenDigest: p.text().hidden(),
    /** By which Clockify knows it; null for one of the manifest. */
    webhookId: p.text().nullable(),
    createdAt: p.datetime(),
  },
});

/** The token digest that deliveries on one path of one installation must match. */
export class WebhookRegistration extends WebhookRegistrationSchema.class {}
WebhookRegistrationSchema.setClass(WebhookRegistration);
