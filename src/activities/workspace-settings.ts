import { z } from 'zod';
import { buildUrl } from '../clockify/egress.ts';

const valueSchema = z.object({ id: z.string(), value: z.unknown() });
const settingsSchema = z.array(valueSchema).default([]);
const structureSchema = z.object({
  tabs: z.array(
    z.object({
      settings: settingsSchema,
      groups: z.array(z.object({ settings: settingsSchema })).default([]),
    }),
  ),
});

/** The platform's own address for an add-on's settings: beside the versioned API, not below it. */
export const buildSettingsUrl = (apiUrl: string, workspaceId: string): URL =>
  buildUrl(apiUrl.replace(/\/v1$/, ''), '/addon/workspaces/{workspaceId}/settings', { workspaceId });

/** Flattens tabs and groups into the list form that SETTINGS_UPDATED uses. An answer of another shape gives none. */
export function listCurrentSettings(body: unknown): { id: string; value: unknown }[] {
  const structure = structureSchema.safeParse(body);
  if (!structure.success) return [];
  return structure.data.tabs.flatMap(({ settings, groups }) => [
    ...settings,
    ...groups.flatMap((group) => group.settings),
  ]);
}
