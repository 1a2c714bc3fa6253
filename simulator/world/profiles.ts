import type { ProfileName } from './types.ts';

/** How many rows of each kind a workspace starts with. */
export interface ProfileCounts {
  readonly users: number;
  readonly clients: number;
  readonly projects: number;
  readonly tasks: number;
  readonly tags: number;
  readonly time_entries: number;
  readonly expenses: number;
  readonly expense_categories: number;
  readonly invoices: number;
  readonly approval_requests: number;
  readonly assignments: number;
  readonly user_groups: number;
  readonly custom_fields: number;
  readonly time_off_policies: number;
  readonly holidays: number;
  readonly time_off_requests: number;
  readonly shared_reports: number;
}

/** Time entries cover three years; assignments stay within eleven months of now. */
export const countsOf: Readonly<Record<ProfileName, ProfileCounts>> = {
  XS: {
    users: 1,
    clients: 15,
    projects: 30,
    tasks: 60,
    tags: 12,
    time_entries: 3_000,
    expenses: 0,
    expense_categories: 0,
    invoices: 60,
    approval_requests: 0,
    assignments: 0,
    user_groups: 0,
    custom_fields: 0,
    time_off_policies: 0,
    holidays: 0,
    time_off_requests: 0,
    shared_reports: 1,
  },
  S: {
    users: 12,
    clients: 60,
    projects: 250,
    tasks: 1_500,
    tags: 40,
    time_entries: 55_000,
    expenses: 1_800,
    expense_categories: 6,
    invoices: 900,
    approval_requests: 1_800,
    assignments: 2_500,
    user_groups: 4,
    custom_fields: 6,
    time_off_policies: 5,
    holidays: 30,
    time_off_requests: 120,
    shared_reports: 3,
  },
  M: {
    users: 130,
    clients: 450,
    projects: 2_200,
    tasks: 12_000,
    tags: 120,
    time_entries: 560_000,
    expenses: 15_000,
    expense_categories: 8,
    invoices: 6_000,
    approval_requests: 13_000,
    assignments: 20_000,
    user_groups: 20,
    custom_fields: 15,
    time_off_policies: 12,
    holidays: 60,
    time_off_requests: 1_300,
    shared_reports: 5,
  },
  L: {
    users: 1_000,
    clients: 1_800,
    projects: 9_000,
    tasks: 60_000,
    tags: 300,
    time_entries: 2_600_000,
    expenses: 80_000,
    expense_categories: 10,
    invoices: 15_000,
    approval_requests: 100_000,
    assignments: 120_000,
    user_groups: 80,
    custom_fields: 30,
    time_off_policies: 40,
    holidays: 200,
    time_off_requests: 10_000,
    shared_reports: 8,
  },
  X: {
    users: 7,
    clients: 600,
    projects: 2_255,
    tasks: 4_500,
    tags: 60,
    time_entries: 60_000,
    expenses: 0,
    expense_categories: 0,
    invoices: 1_500,
    approval_requests: 0,
    assignments: 0,
    user_groups: 2,
    custom_fields: 4,
    time_off_policies: 0,
    holidays: 15,
    time_off_requests: 0,
    shared_reports: 2,
  },
};
