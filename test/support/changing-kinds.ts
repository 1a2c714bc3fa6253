import type { EntityType, Row } from '../../simulator/world/types.ts';
import type { WebhookEvent } from '../../src/domain/webhook-events.ts';

/** A kind of rows that members change, and how Clockify tells of it. */
export interface ChangingKind {
  readonly entity: EntityType;
  readonly parent?: { readonly entity: EntityType; readonly at: string };
  readonly created: WebhookEvent;
  readonly updated: WebhookEvent;
  /** Absent: Clockify does not tell. */
  readonly deleted?: WebhookEvent;
  /** The ids in its bodies; `id` where there is no other. */
  readonly ids?: (id: string, row: Row) => object;
  /** Two contents of a row, between which it changes to and fro. */
  readonly contents: readonly [Row, Row];
}

const names = [{ name: 'A' }, { name: 'B' }] as const;

/** One kind for each way of reading again. */
export const changingKinds: readonly ChangingKind[] = [
  { entity: 'tags', created: 'NEW_TAG', updated: 'TAG_UPDATED', deleted: 'TAG_DELETED', contents: names },
  {
    entity: 'projects',
    created: 'NEW_PROJECT',
    updated: 'PROJECT_UPDATED',
    deleted: 'PROJECT_DELETED',
    contents: names,
  },
  {
    entity: 'tasks',
    parent: { entity: 'projects', at: 'projectId' },
    created: 'NEW_TASK',
    updated: 'TASK_UPDATED',
    deleted: 'TASK_DELETED',
    ids: (id, { projectId }) => ({ id, projectId }),
    contents: names,
  },
  {
    entity: 'time_entries',
    parent: { entity: 'users', at: 'userId' },
    created: 'NEW_TIME_ENTRY',
    updated: 'TIME_ENTRY_UPDATED',
    deleted: 'TIME_ENTRY_DELETED',
    contents: [{ description: 'A' }, { description: 'B' }],
  },
  {
    entity: 'expenses',
    created: 'EXPENSE_CREATED',
    updated: 'EXPENSE_UPDATED',
    deleted: 'EXPENSE_DELETED',
    ids: (expenseId, { userId }) => ({ id: expenseId, expenseId, userId }),
    contents: [{ notes: 'A' }, { notes: 'B' }],
  },
  {
    entity: 'user_groups',
    created: 'USER_GROUP_CREATED',
    updated: 'USER_GROUP_UPDATED',
    deleted: 'USER_GROUP_DELETED',
    contents: names,
  },
  {
    entity: 'invoices',
    created: 'NEW_INVOICE',
    updated: 'INVOICE_UPDATED',
    contents: [{ number: 'A' }, { number: 'B' }],
  },
];
