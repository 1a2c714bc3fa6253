import type { EntityType } from '../world/types.ts';
import type { PayloadBuilder } from './payloads/fields.ts';
import { expense, invoice, restoredExpense, slimExpense } from './payloads/money.ts';
import { account, changedEmail, invitation, limitedUsers, person } from './payloads/people.ts';
import { approval, assignment, balance, named, timeOffRequest, userGroup } from './payloads/plain.ts';
import { project, task } from './payloads/projects.ts';
import { memberRate } from './payloads/rates.ts';
import { deletedTimeEntry, timeEntry } from './payloads/time-entries.ts';

interface EventRule {
  /** The collection whose rows it speaks of. */
  readonly entity: EntityType;
  readonly build: PayloadBuilder;
  /** No sample of it was ever published: the body is a guess. */
  readonly isGuessed?: true;
}

/** The 51 events of the platform, and what each sends. There is none for deleted invoices, custom fields or policies. */
export const eventRules = {
  NEW_CLIENT: { entity: 'clients', build: named },
  CLIENT_UPDATED: { entity: 'clients', build: named },
  CLIENT_DELETED: { entity: 'clients', build: named },
  NEW_TAG: { entity: 'tags', build: named },
  TAG_UPDATED: { entity: 'tags', build: named },
  TAG_DELETED: { entity: 'tags', build: named },
  NEW_PROJECT: { entity: 'projects', build: project },
  PROJECT_UPDATED: { entity: 'projects', build: project },
  PROJECT_DELETED: { entity: 'projects', build: project },
  NEW_TASK: { entity: 'tasks', build: task },
  TASK_UPDATED: { entity: 'tasks', build: task },
  TASK_DELETED: { entity: 'tasks', build: task },
  NEW_TIME_ENTRY: { entity: 'time_entries', build: timeEntry },
  NEW_TIMER_STARTED: { entity: 'time_entries', build: timeEntry },
  TIMER_STOPPED: { entity: 'time_entries', build: timeEntry },
  TIME_ENTRY_UPDATED: { entity: 'time_entries', build: timeEntry },
  TIME_ENTRY_SPLIT: { entity: 'time_entries', build: timeEntry },
  TIME_ENTRY_RESTORED: { entity: 'time_entries', build: timeEntry },
  TIME_ENTRY_DELETED: { entity: 'time_entries', build: deletedTimeEntry },
  EXPENSE_CREATED: { entity: 'expenses', build: expense },
  EXPENSE_UPDATED: { entity: 'expenses', build: slimExpense },
  EXPENSE_DELETED: { entity: 'expenses', build: slimExpense },
  EXPENSE_RESTORED: { entity: 'expenses', build: restoredExpense },
  NEW_INVOICE: { entity: 'invoices', build: invoice },
  INVOICE_UPDATED: { entity: 'invoices', build: invoice },
  USER_JOINED_WORKSPACE: { entity: 'users', build: account },
  USER_ACTIVATED_ON_WORKSPACE: { entity: 'users', build: account },
  USER_DEACTIVATED_ON_WORKSPACE: { entity: 'users', build: account },
  USER_DELETED_FROM_WORKSPACE: { entity: 'users', build: person },
  USER_UPDATED: { entity: 'users', build: person },
  USER_EMAIL_CHANGED: { entity: 'users', build: changedEmail },
  USERS_INVITED_TO_WORKSPACE: { entity: 'users', build: invitation },
  LIMITED_USERS_ADDED_TO_WORKSPACE: { entity: 'users', build: limitedUsers },
  USER_GROUP_CREATED: { entity: 'user_groups', build: userGroup },
  USER_GROUP_UPDATED: { entity: 'user_groups', build: userGroup },
  USER_GROUP_DELETED: { entity: 'user_groups', build: userGroup },
  NEW_APPROVAL_REQUEST: { entity: 'approval_requests', build: approval },
  APPROVAL_REQUEST_STATUS_UPDATED: { entity: 'approval_requests', build: approval },
  TIME_OFF_REQUESTED: { entity: 'time_off_requests', build: timeOffRequest },
  TIME_OFF_REQUEST_UPDATED: { entity: 'time_off_requests', build: timeOffRequest, isGuessed: true },
  TIME_OFF_REQUEST_STARTED: { entity: 'time_off_requests', build: timeOffRequest, isGuessed: true },
  TIME_OFF_REQUEST_APPROVED: { entity: 'time_off_requests', build: timeOffRequest },
  TIME_OFF_REQUEST_REJECTED: { entity: 'time_off_requests', build: timeOffRequest },
  TIME_OFF_REQUEST_WITHDRAWN: { entity: 'time_off_requests', build: timeOffRequest },
  BALANCE_UPDATED: { entity: 'time_off_balances', build: balance },
  ASSIGNMENT_CREATED: { entity: 'assignments', build: assignment },
  ASSIGNMENT_UPDATED: { entity: 'assignments', build: assignment },
  ASSIGNMENT_PUBLISHED: { entity: 'assignments', build: assignment },
  ASSIGNMENT_DELETED: { entity: 'assignments', build: assignment },
  BILLABLE_RATE_UPDATED: { entity: 'projects', build: memberRate('hourlyRate') },
  COST_RATE_UPDATED: { entity: 'projects', build: memberRate('costRate') },
} as const satisfies Record<string, EventRule>;

export type WebhookEvent = keyof typeof eventRules;

/** The rule of an event by name; undefined for a name that is no event. */
export function findEventRule(event: string): EventRule | undefined {
  return Object.hasOwn(eventRules, event) ? eventRules[event as WebhookEvent] : undefined;
}
