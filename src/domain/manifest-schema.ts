import { z } from 'zod';
import { accessLevelSchema, relativePathSchema, uniqueBy } from './manifest-fields.ts';
import { structuredSettingsSchema } from './manifest-settings.ts';
import { componentTypes, rulesBySchemaVersion } from './manifest-versions.ts';
import type { VersionRules } from './manifest-versions.ts';
import { schemaVersions, webhookEvents } from './webhook-events.ts';

const scopeFamilies = [
  'CLIENT',
  'PROJECT',
  'TAG',
  'TASK',
  'TIME_ENTRY',
  'EXPENSE',
  'INVOICE',
  'USER',
  'GROUP',
  'WORKSPACE',
  'CUSTOM_FIELDS',
  'APPROVAL',
  'SCHEDULING',
  'REPORTS',
  'TIME_OFF',
] as const;
const scopeSchema = z.templateLiteral([z.enum(scopeFamilies), z.enum(['_READ', '_WRITE'])]);

const lifecycleSchema = z.strictObject({
  type: z.enum(['INSTALLED', 'DELETED', 'SETTINGS_UPDATED', 'STATUS_CHANGED']),
  path: relativePathSchema,
});

const webhookSchema = z.strictObject({ event: z.enum(webhookEvents), path: relativePathSchema });

const componentSchema = z.strictObject({
  type: z.enum(componentTypes),
  label: z.string().min(1).optional(),
  accessLevel: accessLevelSchema,
  path: relativePathSchema,
  iconPath: relativePathSchema.optional(),
  options: z.record(z.string(), z.unknown()).optional(),
  width: z.number().positive().optional(),
  height: z.number().positive().optional(),
});

type Component = z.infer<typeof componentSchema>;

const membersSchema = z.strictObject({
  schemaVersion: z.enum(schemaVersions),
  key: z.string().min(2).max(50),
  name: z.string().min(1).max(50),
  baseUrl: z.url({ protocol: /^https?$/ }),
  minimalSubscriptionPlan: z.enum(['FREE', 'BASIC', 'STANDARD', 'PRO', 'ENTERPRISE']),
  scopes: uniqueBy(scopeSchema, String).optional(),
  description: z.string().optional(),
  iconPath: relativePathSchema.optional(),
  lifecycle: uniqueBy(lifecycleSchema, ({ type }) => type).default([]),
  webhooks: uniqueBy(webhookSchema, ({ event }) => event).default([]),
  components: uniqueBy(componentSchema, (component) => JSON.stringify(component)).default([]),
  settings: z.union([relativePathSchema, structuredSettingsSchema]).optional(),
});

export type Manifest = z.infer<typeof membersSchema>;

/** Clockify's manifest: its members, and the rules of the version it declares. */
export const manifestSchema = membersSchema.superRefine((manifest, context) => {
  for (const { path, message } of findFaults(manifest)) context.addIssue({ code: 'custom', path, message });
});

interface Fault {
  readonly path: (string | number)[];
  readonly message: string;
}

function findFaults(manifest: Manifest): Fault[] {
  const { schemaVersion, scopes, lifecycle, webhooks, components } = manifest;
  const rules = rulesBySchemaVersion[schemaVersion];
  const faults: Fault[] = components.flatMap((component, index) =>
    findComponentFaults(component, rules).map(({ path, message }) => ({
      path: ['components', index, ...path],
      message,
    })),
  );
  for (const [index, { event }] of webhooks.entries()) {
    if (rules.events.includes(event)) continue;
    faults.push({ path: ['webhooks', index, 'event'], message: `Version ${schemaVersion} has no such event` });
  }
  if (rules.scopesRequired && scopes === undefined) faults.push({ path: ['scopes'], message: 'Must be present' });
  if (components.filter(({ type }) => type === 'sidebar').length > 1) {
    faults.push({ path: ['components'], message: 'An add-on has one sidebar' });
  }
  const callbacks = [...lifecycle, ...webhooks].map(({ path }) => path);
  if (new Set(callbacks).size < callbacks.length) faults.push({ path: [], message: 'Paths must differ' });
  return faults;
}

function findComponentFaults({ type, label, width, height }: Component, rules: VersionRules): Fault[] {
  const faults: Fault[] = [];
  if (!rules.componentTypes.includes(type)) faults.push({ path: ['type'], message: 'Not a type of this version' });
  if (label === undefined && rules.labelRequired) faults.push({ path: ['label'], message: 'Must be present' });
  if (label !== undefined && label.length > rules.labelMaxLength) {
    faults.push({ path: ['label'], message: `Must have at most ${rules.labelMaxLength} characters` });
  }
  if (type !== 'widget' && (width ?? height) !== undefined)
    faults.push({ path: [], message: 'Has a size: not a widget' });
  return faults;
}
