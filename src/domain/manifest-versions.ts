import { eventsBySchemaVersion } from './webhook-events.ts';
import type { SchemaVersion, WebhookEvent } from './webhook-events.ts';

const since10 = [
  'sidebar',
  'widget',
  'timeoff.tab',
  'schedule.tab',
  'approvals.tab',
  'reports.tab',
  'activity.tab',
  'team.tab',
  'projects.tab',
] as const;
const since14 = [...since10, 'invoices.action'] as const;
const since16 = [...since14, 'timeentries.action.uiblocks'] as const;

/** Places of Clockify's screen where an add-on can show itself. */
export const componentTypes = since16;

export interface VersionRules {
  readonly events: readonly WebhookEvent[];
  readonly componentTypes: readonly (typeof componentTypes)[number][];
  readonly scopesRequired: boolean;
  readonly labelRequired: boolean;
  readonly labelMaxLength: number;
}

const since13 = { scopesRequired: false, labelRequired: true, labelMaxLength: Infinity } as const;

/** What Clockify's manifest schema demands, by the version a manifest declares. */
export const rulesBySchemaVersion: Readonly<Record<SchemaVersion, VersionRules>> = {
  '1.2': {
    events: eventsBySchemaVersion['1.2'],
    componentTypes: since10,
    scopesRequired: true,
    labelRequired: false,
    labelMaxLength: 25,
  },
  '1.3': { events: eventsBySchemaVersion['1.3'], componentTypes: since10, ...since13 },
  '1.4': { events: eventsBySchemaVersion['1.4'], componentTypes: since14, ...since13 },
  '1.5': { events: eventsBySchemaVersion['1.5'], componentTypes: since14, ...since13 },
  '1.5.1': { events: eventsBySchemaVersion['1.5.1'], componentTypes: since14, ...since13 },
  '1.6': { events: eventsBySchemaVersion['1.6'], componentTypes: since16, ...since13 },
};
