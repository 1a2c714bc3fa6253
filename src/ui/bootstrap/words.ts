import type { EntityState, Evidence, RunStatus } from '../../domain/bootstrap-status.ts';
import type { EntityType } from '../../domain/entities.ts';

export const entityNames = {
  workspace: 'Workspace',
  users: 'Users',
  projects: 'Projects',
  clients: 'Clients',
  tags: 'Tags',
  custom_fields: 'Custom fields',
  user_groups: 'User groups',
  holidays: 'Holidays',
  tasks: 'Tasks',
  time_off_policies: 'Time off policies',
  time_off_balances: 'Time off balances',
  time_off_requests: 'Time off requests',
  expense_categories: 'Expense categories',
  invoice_settings: 'Invoice settings',
  invoices: 'Invoices',
  expenses: 'Expenses',
  approval_requests: 'Approval requests',
  assignments: 'Assignments',
  time_entries: 'Time entries',
  invoice_details: 'Invoice details',
  invoice_payments: 'Invoice payments',
  shared_reports: 'Shared reports',
  member_profiles: 'Member profiles',
  user_managers: 'User managers',
  project_custom_fields: 'Project custom fields',
} as const satisfies Record<EntityType, string>;

/** Whether a text is the name of a kind of data that this page knows. */
export function isEntityType(text: string): text is EntityType {
  return Object.hasOwn(entityNames, text);
}

export const statusWords = {
  NOT_STARTED: 'Not copied yet',
  PENDING: 'Starting',
  RUNNING: 'Copying',
  PAUSED: 'Paused',
  COMPLETED: 'Copy complete',
  COMPLETED_WITH_WARNINGS: 'Copied, with parts skipped or cut short',
  COMPLETED_WITH_ERRORS: 'Copied, with parts that failed',
  FAILED: 'Copy failed',
  CANCELLED: 'Copy cancelled',
} as const satisfies Record<RunStatus, string>;

export const stateWords = {
  waiting: 'Waiting',
  reading: 'Reading',
  read: 'Read',
  skipped: 'Skipped',
  failed: 'Failed',
} as const satisfies Record<EntityState, string>;

export const evidenceWords = {
  count: 'count matches',
  last_page: 'read to the last page',
  whole_list: 'the whole list came in one answer',
  single_object: 'the one object was read',
  every_parent: 'read for every parent',
} as const satisfies Record<Evidence, string>;
