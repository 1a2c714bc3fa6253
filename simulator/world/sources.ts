import { createApprovalPlan, type ApprovalPlan } from './approval-plan.ts';
import type { Blueprint } from './blueprint.ts';
import { buildClient, type Client } from './clients.ts';
import { once, times } from './collection.ts';
import { buildCustomField, type CustomField } from './custom-fields.ts';
import { entriesPerUser } from './entry-plan.ts';
import { buildExpenseCategory, type ExpenseCategory } from './expense-categories.ts';
import { expensesByWeek } from './expenses.ts';
import { buildProject, type Project } from './projects.ts';
import { tasksPerProject } from './tasks.ts';
import { buildUser, type User } from './users.ts';

/** The rows that others are built from, as they are at the beginning; each list is built on first use. */
export interface Sources {
  readonly users: () => readonly User[];
  readonly clients: () => readonly Client[];
  readonly projects: () => readonly Project[];
  readonly customFields: () => readonly CustomField[];
  /** Number of tasks by position of the project. */
  readonly taskCounts: () => readonly number[];
  /** Number of time entries by position of the user. */
  readonly entryCounts: () => readonly number[];
  readonly approvals: () => ApprovalPlan;
  readonly expenseCategories: () => readonly ExpenseCategory[];
  /** Positions of the expenses of a user's week, by `weekKey`. */
  readonly expensesByWeek: () => ReadonlyMap<string, readonly number[]>;
}

export function createSources(blueprint: Blueprint): Sources {
  const { counts } = blueprint;
  const customFields = once(() => times(counts.custom_fields, (index) => buildCustomField(blueprint, index)));
  const clients = once(() => times(counts.clients, (index) => buildClient(blueprint, index)));
  return {
    customFields,
    clients,
    users: once(() => times(counts.users, (index) => buildUser(blueprint, customFields(), index))),
    projects: once(() => times(counts.projects, (index) => buildProject(blueprint, clients(), index))),
    taskCounts: once(() => tasksPerProject(blueprint)),
    entryCounts: once(() => entriesPerUser(blueprint)),
    approvals: once(() => createApprovalPlan(blueprint)),
    expenseCategories: once(() => times(counts.expense_categories, (index) => buildExpenseCategory(blueprint, index))),
    expensesByWeek: once(() => expensesByWeek(blueprint)),
  };
}
