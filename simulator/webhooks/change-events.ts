import type { Change } from '../platform/change-log.ts';
import { membershipStatusOf } from '../platform/members.ts';
import { textAt, valueAt } from '../api/rows.ts';
import type { EntityType, Row } from '../world/types.ts';
import { eventRules, type WebhookEvent } from './events.ts';
import type { PayloadContext } from './payloads/fields.ts';
import { differInRatesOnly, findRateChanges, rateBody } from './payloads/rates.ts';

/** One event that a change causes. */
export interface Announcement {
  readonly event: WebhookEvent;
  /** The row it speaks of. */
  readonly row: Row;
  readonly entity: EntityType;
  readonly build: () => Row;
}

type Update = Change & { readonly before: Row };
type Names = (change: Change) => WebhookEvent | null;
type UpdateNames = (change: Update) => readonly WebhookEvent[];

interface Naming {
  readonly created?: Names;
  readonly updated?: UpdateNames;
  readonly deleted?: WebhookEvent;
}

const isRunning = (row: Row) => valueAt(row, 'timeInterval.end') === null;
const isChanged = ({ before, row }: Update, path: string) =>
  JSON.stringify(valueAt(before, path)) !== JSON.stringify(valueAt(row, path));

/** Collections without a line here have no events. */
const namings: Partial<Record<EntityType, Naming>> = {
  clients: { created: () => 'NEW_CLIENT', updated: () => ['CLIENT_UPDATED'], deleted: 'CLIENT_DELETED' },
  tags: { created: () => 'NEW_TAG', updated: () => ['TAG_UPDATED'], deleted: 'TAG_DELETED' },
  projects: {
    created: () => 'NEW_PROJECT',
    updated: ({ before, row }) => (differInRatesOnly(before, row) ? [] : ['PROJECT_UPDATED']),
    deleted: 'PROJECT_DELETED',
  },
  tasks: { created: () => 'NEW_TASK', updated: () => ['TASK_UPDATED'], deleted: 'TASK_DELETED' },
  time_entries: { created: newEntry, updated: changedEntry, deleted: 'TIME_ENTRY_DELETED' },
  expenses: {
    created: ({ cause }) => (cause === 'restore' ? 'EXPENSE_RESTORED' : 'EXPENSE_CREATED'),
    updated: () => ['EXPENSE_UPDATED'],
    deleted: 'EXPENSE_DELETED',
  },
  invoices: { created: () => 'NEW_INVOICE', updated: () => ['INVOICE_UPDATED'] },
  invoice_details: { updated: () => ['INVOICE_UPDATED'] },
  users: { created: newUser, updated: changedUser, deleted: 'USER_DELETED_FROM_WORKSPACE' },
  user_groups: {
    created: () => 'USER_GROUP_CREATED',
    updated: () => ['USER_GROUP_UPDATED'],
    deleted: 'USER_GROUP_DELETED',
  },
  approval_requests: {
    created: () => 'NEW_APPROVAL_REQUEST',
    updated: (change) => (isChanged(change, 'approvalRequest.status') ? ['APPROVAL_REQUEST_STATUS_UPDATED'] : []),
  },
  time_off_requests: {
    created: () => 'TIME_OFF_REQUESTED',
    updated: changedTimeOff,
    deleted: 'TIME_OFF_REQUEST_WITHDRAWN',
  },
  time_off_balances: { created: () => 'BALANCE_UPDATED', updated: () => ['BALANCE_UPDATED'] },
  assignments: {
    created: () => 'ASSIGNMENT_CREATED',
    updated: (change) => [
      change.row['published'] === true && isChanged(change, 'published')
        ? 'ASSIGNMENT_PUBLISHED'
        : 'ASSIGNMENT_UPDATED',
    ],
    deleted: 'ASSIGNMENT_DELETED',
  },
};

/** The events of one change, in the order in which they are sent; none for most collections. */
export function announcementsOf(change: Change, context: PayloadContext): readonly Announcement[] {
  const { row, entity, before } = change;
  const plain = namesOf(change).map((event) => ({
    event,
    row,
    entity,
    build: () => eventRules[event].build(row, { ...context, before }),
  }));
  if (before === undefined || (entity !== 'projects' && entity !== 'users')) return plain;
  const rates = findRateChanges(before, row)
    .filter(({ membership }) => membership['membershipType'] === (entity === 'projects' ? 'PROJECT' : 'WORKSPACE'))
    .map(({ membership, field }) => ({
      event: field === 'hourlyRate' ? ('BILLABLE_RATE_UPDATED' as const) : ('COST_RATE_UPDATED' as const),
      row,
      entity,
      build: () => rateBody(membership, field, context),
    }));
  return [...plain, ...rates];
}

function namesOf(change: Change): readonly WebhookEvent[] {
  const naming = namings[change.entity];
  if (change.kind === 'deleted') return naming?.deleted === undefined ? [] : [naming.deleted];
  if (change.kind === 'created') return [naming?.created?.(change) ?? []].flat();
  const { before } = change;
  return before === undefined ? [] : (naming?.updated?.({ ...change, before }) ?? []);
}

/** Of the two halves of a split entry only the new one is told of. */
function newEntry({ row, cause }: Change): WebhookEvent {
  if (cause === 'restore') return 'TIME_ENTRY_RESTORED';
  if (cause === 'split') return 'TIME_ENTRY_SPLIT';
  return isRunning(row) ? 'NEW_TIMER_STARTED' : 'NEW_TIME_ENTRY';
}

function changedEntry({ before, row, cause }: Update): readonly WebhookEvent[] {
  if (cause === 'split') return [];
  return [isRunning(before) && !isRunning(row) ? 'TIMER_STOPPED' : 'TIME_ENTRY_UPDATED'];
}

function newUser({ row }: Change): WebhookEvent {
  if (row['status'] === 'LIMITED') return 'LIMITED_USERS_ADDED_TO_WORKSPACE';
  return membershipStatusOf(row) === 'PENDING' ? 'USERS_INVITED_TO_WORKSPACE' : 'USER_JOINED_WORKSPACE';
}

function changedUser(change: Update): readonly WebhookEvent[] {
  const { before, row } = change;
  const [was, is] = [membershipStatusOf(before), membershipStatusOf(row)];
  if (was !== is && is === 'INACTIVE') return ['USER_DEACTIVATED_ON_WORKSPACE'];
  if (was !== is && is === 'ACTIVE')
    return [was === 'INACTIVE' ? 'USER_ACTIVATED_ON_WORKSPACE' : 'USER_JOINED_WORKSPACE'];
  if (isChanged(change, 'email')) return ['USER_EMAIL_CHANGED'];
  return differInRatesOnly(before, row) ? [] : ['USER_UPDATED'];
}

function changedTimeOff(change: Update): readonly WebhookEvent[] {
  if (!isChanged(change, 'status.statusType')) return ['TIME_OFF_REQUEST_UPDATED'];
  const status = textAt(change.row, 'status.statusType');
  if (status === 'APPROVED') return ['TIME_OFF_REQUEST_APPROVED'];
  return status === 'REJECTED' ? ['TIME_OFF_REQUEST_REJECTED'] : ['TIME_OFF_REQUEST_UPDATED'];
}
