import type { EntityType } from './entities.ts';
import type { RefetchTarget } from './refetch-target.ts';
import type { WebhookEvent } from './webhook-events.ts';

/** Where bodies name what they are about. Nothing else of a body is ever used: its content proves nothing. */
export const idPaths = {
  id: ['id'],
  userId: ['userId'],
  projectId: ['projectId'],
  expenseId: ['expenseId'],
  assignmentId: ['assignmentId'],
  /** Of a rate: a project, a task, a member or the workspace; ids do not tell which. */
  targetId: ['modifiedEntity', 'targetId'],
  /** A new project can come with tasks. */
  firstTaskId: ['tasks', '0', 'id'],
} as const satisfies Record<string, readonly string[]>;

export type DeliveryIds = Readonly<Record<keyof typeof idPaths, string | null>>;

/** The ids that a body holds. */
export const readDeliveryIds = (body: unknown): DeliveryIds =>
  Object.fromEntries(Object.entries(idPaths).map(([name, path]) => [name, textAt(body, path)])) as DeliveryIds;

function textAt(body: unknown, path: readonly string[]): string | null {
  const found = path.reduce<unknown>(
    (value, key) =>
      typeof value === 'object' && value !== null && Object.hasOwn(value, key)
        ? (value as Record<string, unknown>)[key]
        : undefined,
    body,
  );
  return typeof found === 'string' ? found : null;
}

/** The entity a delivery is about, and what must be fetched to learn what became of it. */
export interface DeliveryTargets {
  readonly entity: EntityType;
  /** Null where the event names none, as invitations do. */
  readonly id: string | null;
  /** Empty when the body lacks the ids that its event should have. */
  readonly targets: readonly RefetchTarget[];
}

interface EventRule {
  readonly entity: EntityType;
  readonly idAt: keyof DeliveryIds | null;
  readonly targets: (ids: DeliveryIds) => readonly MaybeTarget[];
}

/** Without its id a target is none. */
type MaybeTarget = RefetchTarget | null | '';

const one = (entity: EntityType, id: string | null): MaybeTarget => id && { by: 'id', entity, id };
const below = (entity: EntityType, id: string | null): MaybeTarget => id && { by: 'parent', entity, id };
const all = (entity: EntityType): RefetchTarget => ({ by: 'list', entity });

const single = (entity: EntityType): EventRule => ({ entity, idAt: 'id', targets: ({ id }) => [one(entity, id)] });
const listed = (entity: EntityType, idAt: EventRule['idAt'] = 'id'): EventRule => ({
  entity,
  idAt,
  targets: () => [all(entity)],
});
const ofMember = (entity: EntityType, idAt: EventRule['idAt']): EventRule => ({
  entity,
  idAt,
  targets: ({ userId }) => [userId === null ? all(entity) : { by: 'member', entity, id: userId }],
});

const client = single('clients');
const tag = single('tags');
const project = single('projects');
const entry = single('time_entries');
const approval = single('approval_requests');
const user = listed('users');
const group = listed('user_groups');
const assignment = listed('assignments', 'assignmentId');
const timeOff = ofMember('time_off_requests', 'id');
const expense = ofMember('expenses', 'id');
const namedExpense = ofMember('expenses', 'expenseId');

const newProject: EventRule = {
  ...project,
  targets: ({ id, firstTaskId }) => [one('projects', id), firstTaskId && below('tasks', id)],
};

const task: EventRule = {
  entity: 'tasks',
  idAt: 'id',
  targets: ({ id, projectId }) => [id && { by: 'id', entity: 'tasks', id, ...(projectId && { parentId: projectId }) }],
};

/** There is no list of all balances: without the member there is nothing to fetch. */
const balance: EventRule = {
  entity: 'time_off_balances',
  idAt: null,
  targets: ({ userId: id }) => [id && { by: 'member', entity: 'time_off_balances', id }],
};

/** The list tells the state and the sums, the details the items; payments change both. */
const invoice: EventRule = {
  entity: 'invoices',
  idAt: 'id',
  targets: ({ id }) => [one('invoices', id), below('invoice_details', id), below('invoice_payments', id)],
};

/** Which of the two halves the delivery names is not documented, so its neighbours are looked at too. */
const split: EventRule = {
  ...entry,
  targets: ({ id }) => [id && { by: 'id', entity: 'time_entries', id, withNeighbours: true }],
};

/** Rates stand in projects, tasks, members and the workspace. */
const rate: EventRule = {
  entity: 'users',
  idAt: 'targetId',
  targets: ({ targetId: id }) => [
    all('users'),
    all('workspace'),
    id && { by: 'id', entity: 'projects', id, ifKnown: true },
    id && { by: 'id', entity: 'tasks', id, ifKnown: true },
  ],
};

const eventRules: Readonly<Record<WebhookEvent, EventRule>> = {
  NEW_TIME_ENTRY: entry,
  TIME_ENTRY_UPDATED: entry,
  TIME_ENTRY_DELETED: entry,
  TIME_ENTRY_RESTORED: entry,
  TIME_ENTRY_SPLIT: split,
  NEW_TIMER_STARTED: entry,
  TIMER_STOPPED: entry,
  NEW_PROJECT: newProject,
  PROJECT_UPDATED: project,
  PROJECT_DELETED: project,
  NEW_TASK: task,
  TASK_UPDATED: task,
  TASK_DELETED: task,
  NEW_CLIENT: client,
  CLIENT_UPDATED: client,
  CLIENT_DELETED: client,
  NEW_TAG: tag,
  TAG_UPDATED: tag,
  TAG_DELETED: tag,
  NEW_APPROVAL_REQUEST: approval,
  APPROVAL_REQUEST_STATUS_UPDATED: approval,
  TIME_OFF_REQUESTED: timeOff,
  TIME_OFF_REQUEST_UPDATED: timeOff,
  TIME_OFF_REQUEST_STARTED: timeOff,
  TIME_OFF_REQUEST_APPROVED: timeOff,
  TIME_OFF_REQUEST_REJECTED: timeOff,
  TIME_OFF_REQUEST_WITHDRAWN: timeOff,
  BALANCE_UPDATED: balance,
  EXPENSE_CREATED: expense,
  EXPENSE_RESTORED: expense,
  EXPENSE_UPDATED: namedExpense,
  EXPENSE_DELETED: namedExpense,
  NEW_INVOICE: invoice,
  INVOICE_UPDATED: invoice,
  ASSIGNMENT_CREATED: assignment,
  ASSIGNMENT_UPDATED: assignment,
  ASSIGNMENT_PUBLISHED: assignment,
  ASSIGNMENT_DELETED: assignment,
  USER_JOINED_WORKSPACE: user,
  USER_ACTIVATED_ON_WORKSPACE: user,
  USER_DEACTIVATED_ON_WORKSPACE: user,
  USER_DELETED_FROM_WORKSPACE: user,
  USER_UPDATED: user,
  USER_EMAIL_CHANGED: user,
  USERS_INVITED_TO_WORKSPACE: listed('users', null),
  LIMITED_USERS_ADDED_TO_WORKSPACE: listed('users', null),
  USER_GROUP_CREATED: group,
  USER_GROUP_UPDATED: group,
  USER_GROUP_DELETED: group,
  BILLABLE_RATE_UPDATED: rate,
  COST_RATE_UPDATED: rate,
};

const idPattern = /^[0-9a-f]{24}$/;

/** What a delivery is about by its event and ids. What does not look like an id counts as not there. */
export function findTargets(event: WebhookEvent, given: DeliveryIds): DeliveryTargets {
  const { entity, idAt, targets } = eventRules[event];
  const names = Object.keys(idPaths) as (keyof DeliveryIds)[];
  const ids = Object.fromEntries(
    names.map((name) => [name, idPattern.test(given[name] ?? '') ? given[name] : null]),
  ) as DeliveryIds;
  return { entity, id: idAt && ids[idAt], targets: targets(ids).filter((target) => target !== null && target !== '') };
}
