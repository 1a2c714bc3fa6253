import { z } from 'zod';
import { clockifyId } from './token-kind.ts';

/** A compact JWT of at most 8 KB, unverified. */
const token = z.string().min(1).max(8192);
const text = z.string().max(2048);

const installationRef = { workspaceId: clockifyId, addonId: clockifyId };

/** Bodies of the four lifecycle calls as Clockify documents them; members we do not know are dropped. */
export const installedPayloadSchema = z.object({
  ...installationRef,
  authToken: token,
  apiUrl: text,
  asUser: text.nullish(),
  addonUserId: text.nullish(),
  webhooks: z
    .array(z.object({ path: text, authToken: token }))
    .max(200)
    .nullish(),
});

export const statusChangedPayloadSchema = z.object({ ...installationRef, status: z.enum(['ACTIVE', 'INACTIVE']) });

export const settingValueSchema = z.union([text, z.number(), z.boolean(), z.array(text).max(1000)]);

export const settingsUpdatedPayloadSchema = z.object({
  ...installationRef,
  settings: z.array(z.object({ id: z.string().min(1).max(256), value: settingValueSchema })).max(1000),
});

export const deletedPayloadSchema = z.object(installationRef);

export type InstalledPayload = z.infer<typeof installedPayloadSchema>;
export type StatusChangedPayload = z.infer<typeof statusChangedPayloadSchema>;
export type SettingsUpdatedPayload = z.infer<typeof settingsUpdatedPayloadSchema>;
export type DeletedPayload = z.infer<typeof deletedPayloadSchema>;
export type SettingValue = z.infer<typeof settingValueSchema>;
