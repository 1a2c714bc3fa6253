import { defineEntity, p } from '@mikro-orm/core';
import type { Diagnosis } from '../domain/diagnosis.ts';
import { tenantPolicy } from './tenant-policy.ts';

/**
 * `pending_probe`: another installation of the workspace is active, so this one waits until Clockify accepts its token.
 * `delete_pending`: Clockify said DELETED; nothing runs any more, nothing is destroyed yet.
 * `suspect`: Clockify refuses the token and no DELETED came; the token is only probed.
 */
export type InstallationStatus = 'active' | 'inactive' | 'pending_probe' | 'delete_pending' | 'suspect' | 'superseded';

/** `personal`: somebody's own API key instead of an add-on; no lifecycle call and no webhook can touch it. */
type InstallationKind = 'addon' | 'personal';

export type SettingValues = Record<string, string | number | boolean | string[]>;

/** The list of operators crosses workspaces; it reads this table and no other. */
const operatorReads = {
  name: 'operator_reads',
  command: 'select',
  using: "current_setting('app.operator', true) = 'on'",
} as const;

/** The relay finds the mailboxes to wake: it reads this table and the deliveries that wait. */
const relayReads = {
  name: 'relay_reads',
  command: 'select',
  using: "current_setting('app.relay', true) = 'on'",
} as const;

const InstallationSchema = defineEntity({
  name: 'Installation',
  tableName: 'installations',
  ...tenantPolicy,
  policies: [...tenantPolicy.policies, operatorReads, relayReads],
  properties: {
    workspaceId: p.text().primary(),
    addonId: p.text().primary(),
    kind: p.text().$type<InstallationKind>().default('addon'),
    status: p.text().$type<InstallationStatus>(),
    apiUrl: p.text(),
    reportsUrl: p.text().nullable(),
    ownerUserId: p.text(),
    asUser: p.text().nullable(),
    addonUserId: p.text().nullable(),
    token: p.text().hidden(),
    tokenDigest: p.text().hidden(),
    pendingToken: p.text().nullable().hidden(),
    pendingTokenDigest: p.text().nullable().hidden(),
    settings: p.json<SettingValues>(),
    plan: p.text().nullable(),
    installedAt: p.datetime(),
    updatedAt: p.datetime(),
    lastBootstrapAt: p.datetime().nullable(),
    /** When the calls came that its status and its settings are of: an older one that was stored late changes neither. */
    statusToldAt: p.datetime(6).nullable(),
    settingsToldAt: p.datetime(6).nullable(),
    /** When it became `delete_pending` or `suspect`: the time to purge counts from here. */
    doubtedAt: p.datetime().nullable(),
    /** Until then somebody works on its webhooks. */
    webhooksBusyUntil: p.datetime().nullable(),
    /** What the last self-test found. */
    diagnosis: p.json<Diagnosis>().nullable(),
  },
  uniques: [
    {
      name: 'installations_one_active',
      expression:
        "create unique index installations_one_active on installations (workspace_id) where status in ('active', 'inactive')",
    },
  ],
});

/** One add-on on one workspace. The row outlives the uninstall. */
export class Installation extends InstallationSchema.class {}
InstallationSchema.setClass(Installation);
