import { z } from 'zod';
import { accessLevelSchema, uniqueBy } from './manifest-fields.ts';

const common = {
  id: z.string().min(1),
  name: z.string().min(1),
  accessLevel: accessLevelSchema,
  key: z.string().optional(),
  placeholder: z.string().optional(),
  description: z.string().optional(),
  required: z.boolean().optional(),
  copyable: z.boolean().optional(),
  readOnly: z.boolean().optional(),
};

/** Limits that a manifest cannot express. Clockify grants an add-on 50 requests a second on a workspace. */
const numberRanges = new Map([['requests_per_second', z.int().min(1).max(50)]]);

const allowedValues = uniqueBy(z.string(), String).min(1);

const settingMembersSchema = z.discriminatedUnion('type', [
  z.strictObject({ ...common, type: z.literal(['TXT', 'LINK', 'USER_DROPDOWN_SINGLE']), value: z.string() }),
  z.strictObject({ ...common, type: z.literal('NUMBER'), value: z.number() }),
  z.strictObject({ ...common, type: z.literal('CHECKBOX'), value: z.boolean() }),
  z.strictObject({ ...common, type: z.literal('DROPDOWN_SINGLE'), value: z.string(), allowedValues }),
  z.strictObject({ ...common, type: z.literal('DROPDOWN_MULTIPLE'), value: z.array(z.string()), allowedValues }),
  z.strictObject({ ...common, type: z.literal('USER_DROPDOWN_MULTIPLE'), value: z.array(z.string()) }),
]);

export type Setting = z.infer<typeof settingMembersSchema>;
export type SettingValue = Setting['value'];

const settingSchema = settingMembersSchema.refine(
  (setting) => valueSchemaOf(setting).safeParse(setting.value).success,
  { path: ['value'], message: 'Must be a value the setting allows' },
);

const headerSchema = z.strictObject({ title: z.string() });

const groupSchema = z.strictObject({
  id: z.string().min(1),
  title: z.string(),
  header: headerSchema.optional(),
  description: z.string().optional(),
  settings: z.array(settingSchema).min(1),
});

const tabSchema = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  header: headerSchema.optional(),
  settings: z.array(settingSchema).optional(),
  groups: uniqueBy(groupSchema, ({ id }) => id).optional(),
});

const tabsSchema = z.strictObject({ tabs: uniqueBy(tabSchema, ({ id }) => id).min(1) });

/** Settings that Clockify itself shows and stores. */
export const structuredSettingsSchema = tabsSchema.refine((settings) => {
  const ids = listSettings(settings).map(({ id }) => id);
  return new Set(ids).size === ids.length;
}, 'Setting ids must be unique over all tabs');

/** The settings of all tabs and groups, in the order of the screen. */
export function listSettings({ tabs }: z.infer<typeof tabsSchema>): Setting[] {
  return tabs.flatMap(({ settings = [], groups = [] }) => [...settings, ...groups.flatMap((group) => group.settings)]);
}

/** What a value of this setting must look like, whether or not the setting is required. */
export function valueSchemaOf(setting: Setting): z.ZodType<SettingValue> {
  const range = numberRanges.get(setting.id);
  if (range !== undefined) return range;
  switch (setting.type) {
    case 'TXT':
    case 'LINK':
    case 'USER_DROPDOWN_SINGLE':
      return z.string();
    case 'NUMBER':
      return z.number();
    case 'CHECKBOX':
      return z.boolean();
    case 'DROPDOWN_SINGLE':
      return z.enum(setting.allowedValues);
    case 'DROPDOWN_MULTIPLE':
      return z.array(z.enum(setting.allowedValues));
    case 'USER_DROPDOWN_MULTIPLE':
      return z.array(z.string());
  }
}
