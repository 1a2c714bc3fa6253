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

/** The values are checked against the manifest, which knows their types. */
export const settingsUpdatedPayloadSchema = z.object({
  ...installationRef,
  settings: z.array(z.object({ id: z.string().min(1).max(256), value: z.unknown() })).max(1000),
});

export const deletedPayloadSchema = z.object(installationRef);

export type InstalledPayload = z.infer<typeof installedPayloadSchema>;
