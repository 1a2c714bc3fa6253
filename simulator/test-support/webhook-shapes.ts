import type { Shape } from './shape.ts';
import { deletedEntry, entry, own, project, rate, task } from './work-shapes.ts';

const group = { id: 'id', name: 'text', workspaceId: 'id', userIds: ['id'], teamManagers: ['any'] } as const;
const assignment = { workspaceId: 'id', userId: 'id', projectId: 'id', assignmentId: 'id' } as const;

const expense = {
  id: 'id',
  workspaceId: 'id',
  userId: 'id',
  date: 'instant',
  projectId: 'id?',
  taskId: 'id?',
  categoryId: 'id?',
  notes: 'text',
  quantity: 'number',
  billable: 'flag',
  fileId: 'text',
  total: 'number',
} as const;
const slimExpense = {
  workspaceId: 'id',
  userId: 'id',
  projectId: 'id?',
  expenseId: 'id',
  categoryId: 'id?',
} as const;
const { taskId: _, ...expenseLeft } = expense;

const invoice = {
  id: 'id',
  number: 'text',
  status: 'text',
  issuedDate: 'instant',
  dueDate: 'instant',
  subtotal: 'number',
  discount: 'number',
  tax: 'number',
  tax2: 'number',
  discountAmount: 'number',
  taxAmount: 'number',
  tax2Amount: 'number',
  amount: 'number',
  currency: 'text',
  subject: 'text',
  note: 'text',
  clientId: 'id',
  clientName: 'text',
  clientAddress: 'text',
  userId: 'id',
  items: [
    {
      order: 'number',
      quantity: 'number',
      description: 'text',
      unitPrice: 'number',
      amount: 'number',
      itemType: 'null',
      timeEntryIds: ['id'],
    },
  ],
} as const;

const texts = 'weekStart timeZone timeFormat dateFormat dashboardSelection dashboardViewType myStartOfDay lang theme';
const flags =
  'sendNewsletter weeklyUpdates longRunning scheduledReports approval pto alerts reminders onboarding timeTrackingManual isCompactViewOn dashboardPinToTop collapseAllProjectLists groupSimilarEntriesDisabled darkTheme projectPickerSpecialFilter multiFactorEnabled scheduling showOnlyWorkingDays';
const shapeAll = (names: string, shape: Shape) => Object.fromEntries(names.split(' ').map((name) => [name, shape]));
const settings: Shape = {
  ...shapeAll(texts, 'text'),
  ...shapeAll(flags, 'flag'),
  summaryReportSettings: { group: 'text', subgroup: 'text' },
  projectListCollapse: 'number',
};
const person = { id: 'id', email: 'text', name: 'text' } as const;
const account = { ...person, profilePicture: 'text', settings } as const;

const approval = {
  id: 'id',
  workspaceId: 'id',
  dateRange: { start: 'instant', end: 'instant' },
  owner: { userId: 'id', userName: 'text', timezone: 'text', startOfWeek: 'text' },
  status: { state: 'text', updatedBy: 'id', updatedByUserName: 'text', updatedAt: 'instant', note: 'text' },
} as const;

const timeOff = {
  id: 'id',
  userId: 'id',
  workspaceId: 'id',
  policyId: 'id',
  timeZone: 'text',
  halfDay: 'flag',
  timeOffPeriod: { period: { start: 'instant', end: 'instant' } },
  note: 'text',
  status: {
    statusType: 'text',
    changedByUserId: 'id?',
    changedByUserName: 'text',
    changedAt: 'instant',
    note: 'text',
  },
  balanceDiff: 'number',
  createdAt: 'instant',
  requesterUserId: 'id',
  excludeDays: ['any'],
  negativeBalanceUsed: 'number',
  balanceValueAtRequest: 'number',
} as const;

const memberRate = {
  workspaceId: 'id',
  rateChangeSource: 'text',
  modifiedEntity: {
    userId: 'id',
    hourlyRate: rate,
    costRate: rate,
    targetId: 'id',
    membershipType: 'text',
    membershipStatus: 'text',
  },
  currency: { id: 'id', code: 'text' },
  amount: 'number',
  since: 'instant',
} as const;

/** What each event carries, field by field, as samples and live captures show it. */
export const webhookShapes: Readonly<Record<string, Shape>> = {
  NEW_CLIENT: own,
  CLIENT_UPDATED: own,
  CLIENT_DELETED: own,
  NEW_TAG: own,
  TAG_UPDATED: own,
  TAG_DELETED: own,
  NEW_PROJECT: project,
  PROJECT_UPDATED: project,
  PROJECT_DELETED: project,
  NEW_TASK: task,
  TASK_UPDATED: task,
  TASK_DELETED: task,
  NEW_TIME_ENTRY: entry,
  NEW_TIMER_STARTED: entry,
  TIMER_STOPPED: entry,
  TIME_ENTRY_UPDATED: entry,
  TIME_ENTRY_SPLIT: entry,
  TIME_ENTRY_RESTORED: entry,
  TIME_ENTRY_DELETED: deletedEntry,
  EXPENSE_CREATED: expense,
  EXPENSE_UPDATED: slimExpense,
  EXPENSE_DELETED: slimExpense,
  EXPENSE_RESTORED: { ...expenseLeft, locked: 'flag' },
  NEW_INVOICE: invoice,
  INVOICE_UPDATED: invoice,
  USER_JOINED_WORKSPACE: account,
  USER_ACTIVATED_ON_WORKSPACE: account,
  USER_DEACTIVATED_ON_WORKSPACE: account,
  USER_DELETED_FROM_WORKSPACE: person,
  USER_UPDATED: person,
  USER_EMAIL_CHANGED: { ...person, oldEmail: 'text' },
  USERS_INVITED_TO_WORKSPACE: { workspaceId: 'id', inviter: account, invitedUserEmails: ['text'] },
  LIMITED_USERS_ADDED_TO_WORKSPACE: {
    workspaceId: 'id',
    inviter: { ...person, profilePicture: 'text' },
    invitedUserNames: ['text'],
  },
  USER_GROUP_CREATED: group,
  USER_GROUP_UPDATED: group,
  USER_GROUP_DELETED: group,
  NEW_APPROVAL_REQUEST: approval,
  APPROVAL_REQUEST_STATUS_UPDATED: approval,
  TIME_OFF_REQUESTED: timeOff,
  TIME_OFF_REQUEST_UPDATED: timeOff,
  TIME_OFF_REQUEST_STARTED: timeOff,
  TIME_OFF_REQUEST_APPROVED: timeOff,
  TIME_OFF_REQUEST_REJECTED: timeOff,
  TIME_OFF_REQUEST_WITHDRAWN: timeOff,
  BALANCE_UPDATED: { workspaceId: 'id', userId: 'id', value: 'text', note: 'text', updatedBy: 'id' },
  ASSIGNMENT_CREATED: assignment,
  ASSIGNMENT_UPDATED: assignment,
  ASSIGNMENT_PUBLISHED: assignment,
  ASSIGNMENT_DELETED: assignment,
  BILLABLE_RATE_UPDATED: memberRate,
  COST_RATE_UPDATED: memberRate,
};
