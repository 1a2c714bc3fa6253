import type { EntityType } from './entities.ts';

/** The feature in whose absence Clockify refuses a kind of rows, by its name in the workspace's `features`. */
export const featureOf: Partial<Record<EntityType, string>> = {
  custom_fields: 'CUSTOM_FIELDS',
  project_custom_fields: 'CUSTOM_FIELDS',
  time_off_policies: 'TIME_OFF',
  time_off_balances: 'TIME_OFF',
  time_off_requests: 'TIME_OFF',
  expense_categories: 'EXPENSES',
  expenses: 'EXPENSES',
  invoice_settings: 'INVOICING',
  invoices: 'INVOICING',
  invoice_details: 'INVOICING',
  invoice_payments: 'INVOICING',
  approval_requests: 'APPROVAL',
  assignments: 'SCHEDULING',
};

/** Whether a workspace with these features has a kind of rows; unknown features hide nothing. */
export function isOffered(entity: EntityType, features: readonly string[] | null): boolean {
  const feature = featureOf[entity];
  return feature === undefined || features === null || features.includes(feature);
}
