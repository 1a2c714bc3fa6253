import type { EntityType } from './entities.ts';

type PagingStyle =
  /** One object. */
  | 'single'
  /** The whole list in one answer; paging parameters are ignored, so it is never paged. */
  | 'whole'
  /** Query `page` (1-based) and `page-size`. */
  | 'query'
  /** Query `page` (1-based) and `pageSize`. */
  | 'camel-query'
  /** Body `page` (1-based) and `pageSize`. */
  | 'body';

/** Which of the stored parents a nested list is read for, and in which order. */
export interface ParentRule {
  readonly entity: EntityType;
  /** The path parameter that takes the parent's id. */
  readonly parameter: string;
  /** Active parents before archived ones. */
  readonly archivedLast?: true;
  /** Only invoices on which something was paid have payments. */
  readonly onlyPaid?: true;
  /** The platform keeps the rows of a parent that is gone, but lists them no more: not seeing them proves nothing. */
  readonly isOutlived?: true;
}

/** How one kind of rows is read. Facts of the live platform; where the published description differs, the platform wins. */
export interface ReadingRule {
  readonly entity: EntityType;
  readonly operationId: string;
  readonly scope: 'core' | 'standard' | 'everything';
  readonly paging: PagingStyle;
  /** Where the rows are in the answer; [] is the answer itself. */
  readonly itemsAt: readonly string[];
  readonly countAt?: readonly string[];
  /** Where a row has its id, when not at `id`. */
  readonly idAt?: readonly string[];
  /** The object has no id: its parent's, or the workspace's, is its key. */
  readonly hasNoId?: true;
  /** One id can occur below several parents. */
  readonly keyedByParent?: true;
  readonly query?: Readonly<Record<string, string>>;
  /** The list is read once for each of these. */
  readonly sweeps?: readonly Readonly<Record<string, string>>[];
  readonly body?: Readonly<Record<string, unknown>>;
  /** The size to ask for where it is not the configured one. */
  readonly pageSize?: number;
  readonly parent?: ParentRule;
  /** `start` and `end` are required: a finite window around today. */
  readonly window?: 'assignments' | 'time-entries';
  /** Page loops that share the work. */
  readonly loops: number;
}

const list = { paging: 'query', itemsAt: [], loops: 1, scope: 'standard' } as const;
const nested = { ...list, loops: 4 } as const;

/** In the order in which they are read: what pickers need first, what takes longest last. */
export const readingRules: readonly ReadingRule[] = [
  { entity: 'workspace', operationId: 'getWorkspaceOfUser', scope: 'core', paging: 'single', itemsAt: [], loops: 1 },
  {
    ...list,
    entity: 'users',
    operationId: 'getUsersOfWorkspace',
    scope: 'core',
    // By default deactivated members stay invisible, and so do limited accounts; both own time entries.
    query: {
      'include-roles': 'true',
      status: 'ALL',
      'account-statuses': 'ACTIVE,PENDING_EMAIL_VERIFICATION,DELETED,NOT_REGISTERED,LIMITED,LIMITED_DELETED',
      memberships: 'ALL',
      'sort-column': 'ID',
    },
  },
  { ...list, entity: 'projects', operationId: 'getProjects', scope: 'core', query: { hydrated: 'false' } },
  { ...list, entity: 'clients', operationId: 'getClients', scope: 'core' },
  { ...list, entity: 'tags', operationId: 'getTags', scope: 'core', query: { 'sort-column': 'ID' } },
  { ...list, entity: 'custom_fields', operationId: 'ofWorkspace', scope: 'core', paging: 'whole' },
  {
    ...list,
    entity: 'time_off_policies',
    operationId: 'findPoliciesForWorkspace',
    scope: 'core',
    query: { status: 'ALL' },
  },
  {
    ...nested,
    entity: 'tasks',
    operationId: 'getTasks',
    query: { 'sort-column': 'ID' },
    parent: { entity: 'projects', parameter: 'projectId', archivedLast: true },
  },
  {
    ...nested,
    entity: 'time_entries',
    operationId: 'getTimeEntries',
    parent: { entity: 'users', parameter: 'userId', isOutlived: true },
    window: 'time-entries',
  },
  {
    ...nested,
    entity: 'time_off_balances',
    operationId: 'getBalancesForPolicy',
    scope: 'core',
    itemsAt: ['balances'],
    countAt: ['count'],
    parent: { entity: 'time_off_policies', parameter: 'policyId' },
    loops: 2,
  },
  { ...list, entity: 'user_groups', operationId: 'getUserGroups', query: { includeTeamManagers: 'true' } },
  { ...list, entity: 'holidays', operationId: 'getHolidays', paging: 'whole' },
  {
    ...list,
    entity: 'time_off_requests',
    operationId: 'getTimeOffRequest',
    paging: 'body',
    itemsAt: ['requests'],
    countAt: ['count'],
    body: { statuses: ['ALL'] },
  },
  {
    ...list,
    entity: 'expense_categories',
    operationId: 'getCategories',
    itemsAt: ['categories'],
    countAt: ['count'],
    // Without the parameter only one half is shown.
    sweeps: [{ archived: 'false' }, { archived: 'true' }],
  },
  { ...list, entity: 'invoice_settings', operationId: 'getInvoiceSettings', paging: 'single', hasNoId: true },
  {
    ...list,
    entity: 'invoices',
    operationId: 'getInvoices',
    itemsAt: ['invoices'],
    countAt: ['total'],
    query: { 'sort-column': 'ID', 'sort-order': 'ASCENDING' },
  },
  {
    ...list,
    entity: 'assignments',
    operationId: 'getAllAssignments',
    query: { 'sort-column': 'ID' },
    window: 'assignments',
  },
  {
    ...list,
    entity: 'expenses',
    operationId: 'getExpenses',
    itemsAt: ['expenses', 'expenses'],
    countAt: ['expenses', 'count'],
  },
  {
    ...list,
    entity: 'approval_requests',
    operationId: 'getApprovalRequests',
    idAt: ['approvalRequest', 'id'],
    query: { 'sort-column': 'ID', 'sort-order': 'ASCENDING' },
    // Each row embeds its entries and expenses.
    pageSize: 50,
  },
  {
    ...nested,
    entity: 'invoice_details',
    operationId: 'getInvoice',
    paging: 'single',
    parent: { entity: 'invoices', parameter: 'invoiceId' },
  },
  {
    ...nested,
    entity: 'invoice_payments',
    operationId: 'getPaymentsForInvoice',
    parent: { entity: 'invoices', parameter: 'invoiceId', onlyPaid: true },
  },
  {
    ...list,
    entity: 'shared_reports',
    operationId: 'getSharedReportsV1',
    scope: 'everything',
    paging: 'camel-query',
    itemsAt: ['reports'],
    countAt: ['count'],
    query: { sharedReportsFilter: 'ALL' },
  },
  {
    ...nested,
    entity: 'member_profiles',
    operationId: 'getMemberProfile',
    scope: 'everything',
    paging: 'single',
    hasNoId: true,
    parent: { entity: 'users', parameter: 'userId' },
    loops: 2,
  },
  {
    ...nested,
    entity: 'user_managers',
    operationId: 'getManagersOfUser',
    scope: 'everything',
    keyedByParent: true,
    parent: { entity: 'users', parameter: 'userId' },
    loops: 2,
  },
  {
    ...nested,
    entity: 'project_custom_fields',
    operationId: 'getCustomFieldsOfProject',
    scope: 'everything',
    paging: 'whole',
    keyedByParent: true,
    parent: { entity: 'projects', parameter: 'projectId', archivedLast: true },
  },
];

export function getReadingRule(entity: EntityType): ReadingRule {
  const rule = readingRules.find((candidate) => candidate.entity === entity);
  if (rule === undefined) throw new Error(`There is no reading rule for ${entity}.`);
  return rule;
}

/** The kinds whose rows go with a row of this kind. What outlives its parent is not among them. */
export const findDependants = (entity: EntityType): EntityType[] =>
  readingRules.filter(({ parent }) => parent?.entity === entity && !parent.isOutlived).map((rule) => rule.entity);

/** The kind whose rows take the rows of this kind along when they go; null: there is none. */
export const findParentKind = (entity: EntityType): EntityType | null => {
  const { parent } = getReadingRule(entity);
  return parent === undefined || parent.isOutlived ? null : parent.entity;
};
