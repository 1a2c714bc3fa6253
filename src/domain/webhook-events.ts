/**
 * Every event a manifest can declare, most valuable first. A manifest may hold fewer webhooks than there are events,
 * so the first ones win: what people look at live, then what no feed of changes covers, then what such a feed tells
 * later anyway (clients, projects, tasks, tags, assignments and time entries have one).
 */
export const webhookPriority = [
  { event: 'NEW_TIME_ENTRY', reason: 'the most frequent change, and what most flows start from' },
  { event: 'TIME_ENTRY_UPDATED', reason: 'corrections change totals that people are looking at' },
  { event: 'TIME_ENTRY_DELETED', reason: 'a list never shows that an entry is gone' },
  { event: 'TIMER_STOPPED', reason: 'a running entry becomes countable time' },
  { event: 'NEW_TIMER_STARTED', reason: 'tells who is working now' },
  { event: 'NEW_PROJECT', reason: 'new time entries point to it at once' },
  { event: 'NEW_TASK', reason: 'finding it by polling costs one call per project' },
  { event: 'APPROVAL_REQUEST_STATUS_UPDATED', reason: 'locks or releases a period, and no feed covers approvals' },
  { event: 'NEW_CLIENT', reason: 'new projects point to it at once' },
  { event: 'TIME_OFF_REQUESTED', reason: 'somebody waits for an answer, and no feed covers time off' },
  { event: 'PROJECT_UPDATED', reason: 'archiving, members and estimates change what may be tracked' },
  { event: 'TASK_UPDATED', reason: 'finding a finished task by polling costs one call per project' },
  { event: 'EXPENSE_CREATED', reason: 'no feed covers expenses' },
  { event: 'NEW_APPROVAL_REQUEST', reason: 'somebody waits for an answer, and no feed covers approvals' },
  { event: 'TIME_OFF_REQUEST_APPROVED', reason: 'changes capacity, and no feed covers time off' },
  { event: 'TIME_OFF_REQUEST_REJECTED', reason: 'ends a request, and no feed covers time off' },
  { event: 'TIME_OFF_REQUEST_WITHDRAWN', reason: 'gives capacity back, and no feed covers time off' },
  { event: 'NEW_INVOICE', reason: 'no feed covers invoices' },
  { event: 'INVOICE_UPDATED', reason: 'no feed covers invoices, and items are one call each' },
  { event: 'USER_JOINED_WORKSPACE', reason: 'time entries are read member by member' },
  { event: 'USER_DEACTIVATED_ON_WORKSPACE', reason: 'access changes, and no feed covers members' },
  { event: 'USER_ACTIVATED_ON_WORKSPACE', reason: 'access changes, and no feed covers members' },
  { event: 'USER_DELETED_FROM_WORKSPACE', reason: 'a removed member is no longer listed' },
  { event: 'EXPENSE_UPDATED', reason: 'no feed covers expenses' },
  { event: 'EXPENSE_DELETED', reason: 'no feed covers expenses' },
  { event: 'EXPENSE_RESTORED', reason: 'no feed covers expenses; rare' },
  { event: 'BALANCE_UPDATED', reason: 'no feed covers balances; follows a request already heard of' },
  { event: 'TIME_OFF_REQUEST_UPDATED', reason: 'no feed covers time off; rare' },
  { event: 'TIME_OFF_REQUEST_STARTED', reason: 'no feed covers time off; its date was known before' },
  { event: 'USER_UPDATED', reason: 'no feed covers members; mostly names and pictures' },
  { event: 'USER_EMAIL_CHANGED', reason: 'no feed covers members; rare' },
  { event: 'USER_GROUP_CREATED', reason: 'no feed covers groups; few and cheap to list' },
  { event: 'USER_GROUP_UPDATED', reason: 'no feed covers groups; few and cheap to list' },
  { event: 'USER_GROUP_DELETED', reason: 'no feed covers groups; few and cheap to list' },
  { event: 'BILLABLE_RATE_UPDATED', reason: 'rates of projects and members have no feed; rare' },
  { event: 'COST_RATE_UPDATED', reason: 'rates of projects and members have no feed; rare' },
  { event: 'PROJECT_DELETED', reason: 'the feed covers it; only archived projects can be deleted' },
  { event: 'TASK_DELETED', reason: 'the feed covers it; only finished tasks can be deleted' },
  { event: 'CLIENT_UPDATED', reason: 'the feed covers it' },
  { event: 'CLIENT_DELETED', reason: 'the feed covers it; only archived clients can be deleted' },
  { event: 'TIME_ENTRY_SPLIT', reason: 'the feed covers it; rare' },
  { event: 'TIME_ENTRY_RESTORED', reason: 'the feed covers it; rare' },
  { event: 'NEW_TAG', reason: 'the feed covers it; one cheap list' },
  { event: 'TAG_UPDATED', reason: 'the feed covers it; one cheap list' },
  { event: 'TAG_DELETED', reason: 'the feed covers it; one cheap list' },
  { event: 'ASSIGNMENT_CREATED', reason: 'the feed covers it; a draft until published' },
  { event: 'ASSIGNMENT_UPDATED', reason: 'the feed covers it; names ids only' },
  { event: 'ASSIGNMENT_DELETED', reason: 'the feed covers it; names ids only' },
  { event: 'ASSIGNMENT_PUBLISHED', reason: 'the feed covers it; names ids only' },
  { event: 'USERS_INVITED_TO_WORKSPACE', reason: 'names e-mail addresses only; joining is the event that matters' },
  { event: 'LIMITED_USERS_ADDED_TO_WORKSPACE', reason: 'names people without ids; the member list tells more' },
] as const;

export type WebhookEvent = (typeof webhookPriority)[number]['event'];

export const webhookEvents: readonly WebhookEvent[] = webhookPriority.map(({ event }) => event);

const without = (...missing: WebhookEvent[]): readonly WebhookEvent[] =>
  webhookEvents.filter((event) => !missing.includes(event));

const version13Events: readonly WebhookEvent[] = [
  'NEW_PROJECT',
  'NEW_TASK',
  'NEW_CLIENT',
  'NEW_TAG',
  'NEW_TIMER_STARTED',
  'TIMER_STOPPED',
  'NEW_TIME_ENTRY',
  'TIME_ENTRY_UPDATED',
  'TIME_ENTRY_DELETED',
  'NEW_INVOICE',
  'INVOICE_UPDATED',
  'USER_JOINED_WORKSPACE',
  'USER_DELETED_FROM_WORKSPACE',
  'USER_DEACTIVATED_ON_WORKSPACE',
  'USER_ACTIVATED_ON_WORKSPACE',
  'NEW_APPROVAL_REQUEST',
  'APPROVAL_REQUEST_STATUS_UPDATED',
  'TIME_OFF_REQUESTED',
  'TIME_OFF_REQUEST_APPROVED',
  'TIME_OFF_REQUEST_REJECTED',
  'TIME_OFF_REQUEST_WITHDRAWN',
  'BALANCE_UPDATED',
];

export const schemaVersions = ['1.2', '1.3', '1.4', '1.5', '1.5.1', '1.6'] as const;

export type SchemaVersion = (typeof schemaVersions)[number];

/** The events each version of Clockify's manifest schema knows. Versions 1.3 and 1.4 know fewer than 1.2 did. */
export const eventsBySchemaVersion: Readonly<Record<SchemaVersion, readonly WebhookEvent[]>> = {
  '1.2': without(
    'BILLABLE_RATE_UPDATED',
    'COST_RATE_UPDATED',
    'EXPENSE_RESTORED',
    'LIMITED_USERS_ADDED_TO_WORKSPACE',
    'TIME_ENTRY_RESTORED',
    'TIME_ENTRY_SPLIT',
    'TIME_OFF_REQUEST_STARTED',
    'TIME_OFF_REQUEST_UPDATED',
    'USERS_INVITED_TO_WORKSPACE',
  ),
  '1.3': version13Events,
  '1.4': version13Events,
  '1.5': without('TIME_OFF_REQUEST_STARTED'),
  '1.5.1': webhookEvents,
  '1.6': webhookEvents,
};

export function isWebhookEvent(value: string): value is WebhookEvent {
  return webhookEvents.some((event) => event === value);
}

/** The route of an event. Each event has its own, because an installation names its webhooks by path alone. */
export const buildWebhookPath = (event: WebhookEvent): string => `/webhooks/clockify/${event}`;

/**
 * The event of a webhook path as an installation names it, if it is one of ours: the path of the manifest, the same
 * behind the base URL, or with doubled slashes (Clockify joins base, slash and path).
 */
export function findEventOfPath(path: string): WebhookEvent | undefined {
  const name = /(?:^|\/)webhooks\/+clockify\/+([A-Z_]+)$/.exec(path)?.[1];
  return name !== undefined && isWebhookEvent(name) ? name : undefined;
}
