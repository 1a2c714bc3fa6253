import { webhookEvents } from '../api/operations.ts';
import { fitsSetting, lifecycleTypes, settingsOf, type Manifest, type ManifestComponent } from './manifest.ts';

const plans = ['FREE', 'BASIC', 'STANDARD', 'PRO', 'ENTERPRISE'];
const versions = ['1.0', '1.1', '1.2', '1.3', '1.4', '1.5', '1.5.1', '1.6'];
const families =
  'CLIENT PROJECT TAG TASK TIME_ENTRY EXPENSE INVOICE USER GROUP WORKSPACE CUSTOM_FIELDS APPROVAL SCHEDULING REPORTS TIME_OFF';
const scopes = families.split(' ').flatMap((family) => [`${family}_READ`, `${family}_WRITE`]);
const componentTypes =
  'sidebar widget timeoff.tab schedule.tab approvals.tab reports.tab activity.tab team.tab projects.tab invoices.action timeentries.action.uiblocks';
const members =
  'schemaVersion key name baseUrl minimalSubscriptionPlan scopes description iconPath lifecycle webhooks components settings';
/** 10 until the middle of 2026. */
const MAX_WEBHOOKS = 20;

type Rule = readonly [problem: string, isMet: (manifest: Manifest) => boolean];

const rules: readonly Rule[] = [
  ['has members the schema does not know', (m) => Object.keys(m).every((name) => members.split(' ').includes(name))],
  ['key must have 2 to 50 characters', (m) => hasLength(m.key, 2, 50)],
  ['name must have 1 to 50 characters', (m) => hasLength(m.name, 1, 50)],
  ['baseUrl must be an http(s) address', (m) => /^https?:\/\//.test(m.baseUrl ?? '') && URL.canParse(m.baseUrl)],
  ['minimalSubscriptionPlan is not a plan', (m) => plans.includes(m.minimalSubscriptionPlan)],
  ['schemaVersion is unknown', (m) => m.schemaVersion === undefined || versions.includes(String(m.schemaVersion))],
  ['scopes must be known and unique', (m) => areUniqueOf(m.scopes, scopes)],
  ['lifecycle types must be known and unique', (m) => areUniqueOf(pick(m.lifecycle, 'type'), lifecycleTypes)],
  ['lifecycle paths must be unique', (m) => areUniquePaths(pick(m.lifecycle, 'path'))],
  ['webhook events must be known', (m) => pick(m.webhooks, 'event').every((event) => webhookEvents.includes(event))],
  ['webhook paths must be unique', (m) => areUniquePaths(pick(m.webhooks, 'path'))],
  ['components need type, label, accessLevel and path', (m) => (m.components ?? []).every(isComponent)],
  ['one sidebar at most', (m) => pick(m.components, 'type').filter((type) => type === 'sidebar').length <= 1],
  ['settings need an id, a known type and a value that fits it', hasSoundSettings],
];

/** Every rule of the platform that a manifest breaks; none means it can be installed on that plan. */
export function findManifestProblems(manifest: unknown, plan: string, maxWebhooks = MAX_WEBHOOKS): readonly string[] {
  if (typeof manifest !== 'object' || manifest === null || Array.isArray(manifest)) return ['is not a JSON object'];
  const candidate = manifest as Manifest;
  const broken = rules.filter(([, isMet]) => !isMet(candidate)).map(([problem]) => problem);
  if ((candidate.webhooks ?? []).length > maxWebhooks) broken.push(`there may be ${maxWebhooks} webhooks at most`);
  if (plans.indexOf(candidate.minimalSubscriptionPlan) > plans.indexOf(plan)) {
    broken.push(`minimalSubscriptionPlan is above the workspace's ${plan}`);
  }
  return broken;
}

function hasLength(value: unknown, least: number, most: number): boolean {
  return typeof value === 'string' && value.length >= least && value.length <= most;
}

function pick<K extends string>(list: readonly { readonly [key in K]: string }[] | undefined, key: K): string[] {
  return Array.isArray(list) ? list.map((item: { readonly [key in K]: string }) => item[key]) : [];
}

function areUniqueOf(values: readonly string[] | undefined, known: readonly string[]): boolean {
  if (values === undefined) return true;
  return new Set(values).size === values.length && values.every((value) => known.includes(value));
}

function areUniquePaths(paths: readonly string[]): boolean {
  return new Set(paths).size === paths.length && paths.every((path) => typeof path === 'string' && path !== '');
}

function isComponent(component: ManifestComponent): boolean {
  return (
    componentTypes.split(' ').includes(component.type) &&
    ['ADMINS', 'EVERYONE'].includes(component.accessLevel) &&
    hasLength(component.label, 1, Infinity) &&
    hasLength(component.path, 1, Infinity)
  );
}

function hasSoundSettings(manifest: Manifest): boolean {
  if (typeof manifest.settings === 'string') return manifest.settings !== '';
  const settings = settingsOf(manifest);
  const ids = new Set(settings.map((setting) => setting.id));
  return ids.size === settings.length && settings.every((setting) => fitsSetting(setting, setting.value));
}
