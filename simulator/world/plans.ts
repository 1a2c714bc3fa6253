import type { ProfileCounts } from './profiles.ts';

/** From the least to the most; each plan has the features of those before it. */
const featuresByPlan = {
  FREE: ['TIME_TRACKING', 'KIOSK', 'CSV_EXPORT', 'XLSX_EXPORT', 'SHARED_REPORTS', 'ONE_MONTH_RANGE_REPORTS'],
  BASIC: ['ADD_TIME_FOR_OTHERS', 'BULK_EDIT', 'BREAKS', 'REQUIRED_FIELDS', 'PROJECT_TEMPLATES', 'SPLIT_TIME_ENTRY'],
  STANDARD: ['TIME_OFF', 'INVOICING', 'APPROVAL', 'MANAGER_ROLE', 'ATTENDANCE_REPORT', 'AUTOMATIC_LOCK', 'TASK_RATES'],
  PRO: ['SCHEDULING', 'EXPENSES', 'CUSTOM_FIELDS', 'USER_CUSTOM_FIELDS', 'LABOR_COST', 'FORECASTING', 'LIMITED_USERS'],
  ENTERPRISE: ['AUDIT_LOG', 'SSO', 'SCIM', 'CUSTOM_SUBDOMAIN'],
} as const;

type Plan = keyof typeof featuresByPlan;
const plans = Object.keys(featuresByPlan) as Plan[];

/** The least plan a family of rows belongs to; a workspace that has rows has the feature, whatever its plan. */
const featureOfRows = {
  time_off_policies: 'TIME_OFF',
  invoices: 'INVOICING',
  approval_requests: 'APPROVAL',
  assignments: 'SCHEDULING',
  expenses: 'EXPENSES',
  custom_fields: 'CUSTOM_FIELDS',
} as const satisfies Partial<Record<keyof ProfileCounts, string>>;

/** What a plan includes, by the names of the workspace's `features`. Throws on an unknown plan. */
export function featuresOf(plan: string): string[] {
  const rank = plans.indexOf(plan as Plan);
  if (rank === -1) throw new Error(`There is no plan ${plan}; plans are ${plans.join(', ')}.`);
  return plans.slice(0, rank + 1).flatMap((each) => featuresByPlan[each]);
}

/** Features of the families that have rows. */
export function featuresInUse(counts: ProfileCounts): string[] {
  const families = Object.keys(featureOfRows) as (keyof typeof featureOfRows)[];
  return families.filter((family) => counts[family] > 0).map((family) => featureOfRows[family]);
}

/** The name of a plan in `featureSubscriptionType`. */
export function subscriptionOf(plan: string): string {
  return plan === 'FREE' ? plan : `${plan}_2021`;
}
