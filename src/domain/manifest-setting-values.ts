import { z } from 'zod';
import { AddonError } from './errors.ts';
import type { Manifest } from './manifest.ts';
import { listSettings, valueSchemaOf } from './manifest-settings.ts';
import type { Setting, SettingValue } from './manifest-settings.ts';

const flatListSchema = z.array(z.object({ id: z.string(), value: z.unknown() }));

interface FieldFault {
  readonly path: string;
  readonly message: string;
}

export interface ParsedSettings {
  readonly values: Record<string, SettingValue>;
  /** Ids the manifest does not declare. */
  readonly ignored: string[];
}

/**
 * Reads the flat list of settings that Clockify sends when an administrator saves them; the last value of an id wins.
 * Throws `validation_failed` with `fields`, as JSON pointers into the list, when a value does not fit the manifest.
 */
export function parseSettings(manifest: Manifest, values: unknown): ParsedSettings {
  const list = flatListSchema.safeParse(values);
  if (!list.success) throw buildRefusal(list.error.issues.map(toFieldFault));

  const declared = new Map(declaredSettings(manifest).map((setting) => [setting.id, setting]));
  const accepted = new Map<string, SettingValue>();
  const ignored: string[] = [];
  const faults: FieldFault[] = [];
  for (const [index, { id, value }] of list.data.entries()) {
    const setting = declared.get(id);
    if (setting === undefined) {
      ignored.push(id);
      continue;
    }
    const result = requireValue(setting).safeParse(value);
    if (result.success) accepted.set(id, result.data);
    else faults.push({ path: `/${index}/value`, message: firstMessage(result.error) });
  }
  if (faults.length > 0) throw buildRefusal(faults);
  return { values: Object.fromEntries(accepted), ignored };
}

/** None when the manifest has no settings, or names a page of its own for them. */
function declaredSettings({ settings }: Manifest): Setting[] {
  return typeof settings === 'object' ? listSettings(settings) : [];
}

function requireValue(setting: Setting): z.ZodType<SettingValue> {
  const isEmpty = (value: SettingValue): boolean => value === '' || (Array.isArray(value) && value.length === 0);
  return valueSchemaOf(setting).refine((value) => setting.required !== true || !isEmpty(value), 'Must not be empty');
}

function buildRefusal(fields: readonly FieldFault[]): AddonError {
  return new AddonError('validation_failed', 'The settings do not fit the manifest.', { fields });
}

const toFieldFault = ({ path, message }: z.core.$ZodIssue): FieldFault => ({
  path: path.map((key) => `/${String(key)}`).join(''),
  message,
});

const firstMessage = ({ issues }: z.ZodError): string => issues[0]?.message ?? 'Invalid value';
