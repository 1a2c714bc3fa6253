export interface Manifest {
  readonly key: string;
  readonly name: string;
  readonly baseUrl: string;
  readonly minimalSubscriptionPlan: string;
  readonly schemaVersion?: string | number;
  readonly scopes?: readonly string[];
  readonly description?: string;
  readonly iconPath?: string;
  readonly lifecycle?: readonly { readonly path: string; readonly type: LifecycleType }[];
  readonly webhooks?: readonly { readonly path: string; readonly event: string }[];
  readonly components?: readonly ManifestComponent[];
  readonly settings?: string | { readonly tabs: readonly SettingsTab[] };
}

export const lifecycleTypes = ['INSTALLED', 'DELETED', 'SETTINGS_UPDATED', 'STATUS_CHANGED'] as const;

export type LifecycleType = (typeof lifecycleTypes)[number];

export interface ManifestComponent {
  readonly type: string;
  readonly label: string;
  readonly accessLevel: string;
  readonly path: string;
}

interface SettingsTab {
  readonly id: string;
  readonly name: string;
  readonly settings?: readonly Setting[];
  readonly groups?: readonly { readonly id: string; readonly title: string; readonly settings: readonly Setting[] }[];
}

export interface Setting {
  readonly id: string;
  readonly name: string;
  readonly accessLevel: string;
  readonly type: string;
  readonly value: string | number | boolean | readonly string[];
  readonly allowedValues?: readonly string[];
}

/** Every structured setting of a manifest, without its tabs; none when the add-on brings its own page. */
export function settingsOf(manifest: Manifest): readonly Setting[] {
  if (manifest.settings === undefined || typeof manifest.settings === 'string') return [];
  return manifest.settings.tabs.flatMap((tab) => [
    ...(tab.settings ?? []),
    ...(tab.groups ?? []).flatMap((group) => group.settings),
  ]);
}

const valueTypes: Readonly<Record<string, (value: unknown) => boolean>> = {
  TXT: (value) => typeof value === 'string',
  NUMBER: (value) => typeof value === 'number',
  DROPDOWN_SINGLE: (value) => typeof value === 'string',
  DROPDOWN_MULTIPLE: isTextList,
  CHECKBOX: (value) => typeof value === 'boolean',
  LINK: (value) => typeof value === 'string',
  USER_DROPDOWN_SINGLE: (value) => typeof value === 'string',
  USER_DROPDOWN_MULTIPLE: isTextList,
};

/** Whether a value fits the type and the allowed values of its setting. */
export function fitsSetting(setting: Setting, value: unknown): boolean {
  if (valueTypes[setting.type]?.(value) !== true) return false;
  if (!setting.type.startsWith('DROPDOWN')) return true;
  const chosen = Array.isArray(value) ? value : [value];
  return chosen.every((one) => setting.allowedValues?.includes(String(one)));
}

function isTextList(value: unknown): boolean {
  return Array.isArray(value) && value.every((item) => typeof item === 'string');
}
