import type { Row } from '../../world/types.ts';
import type { AnswerTable, Context } from '../context.ts';
import { flag, isPresent, listHas, memberOf, oneOf, oneOfUnless, text } from '../filters.ts';
import { pagingStyles } from '../paging.ts';
import { json, notInWorkspace } from '../reply.ts';
import { all, below, findOne, textAt } from '../rows.ts';

const idAndName = { ID: 'id', NAME: 'name' };
const paged = { kind: 'list', paging: pagingStyles.standard, lastPageHeader: true } as const;

/** Clients, tags, projects, tasks and custom fields. */
export const projectAnswers: AnswerTable = {
  getClients: {
    ...paged,
    rows: all('clients'),
    sort: idAndName,
    defaultSort: 'NAME',
    filters: { name: text('name'), archived: flag('archived') },
  },
  getClient: { kind: 'other', reply: (context) => json(findOne('clients', 'id')(context)) },
  getTags: {
    ...paged,
    rows: all('tags'),
    sort: idAndName,
    filters: { name: text('name'), archived: flag('archived'), 'excluded-ids': (row, value) => !hasId(row, value) },
  },
  getTag: { kind: 'other', reply: (context) => json(findOne('tags', 'id')(context)) },
  getProjects: {
    ...paged,
    rows: all('projects'),
    present: presentProject,
    sort: {
      ...idAndName,
      CLIENT_NAME: 'clientName',
      DURATION: 'duration',
      BUDGET: 'budgetEstimate',
      PROGRESS: 'duration',
    },
    filters: {
      name: text('name'),
      archived: flag('archived'),
      billable: flag('billable'),
      'is-template': flag('template'),
      access: (row, value) => (row['public'] === true) === (value === 'PUBLIC'),
      clients: oneOfUnless('clientId', 'contains-client'),
      'client-status': hasClientOfStatus,
      users: memberOf('userId'),
    },
  },
  getProject: {
    kind: 'other',
    reply: (context) => json(presentProject(findOne('projects', 'projectId')(context), context)),
  },
  getTasks: {
    ...paged,
    rows: below('tasks', 'projects', 'projectId'),
    sort: idAndName,
    filters: {
      name: text('name'),
      'is-active': (row, value) => row['status'] === (value === 'true' ? 'ACTIVE' : 'DONE'),
    },
  },
  getTask: { kind: 'other', reply: (context) => json(findTask(context)) },
  ofWorkspace: {
    kind: 'list',
    feature: 'CUSTOM_FIELDS',
    rows: all('custom_fields'),
    filters: { name: text('name'), status: oneOf('status'), 'entity-type': oneOf('entityType') },
  },
  getCustomFieldsOfProject: {
    kind: 'list',
    feature: 'CUSTOM_FIELDS',
    rows: below('project_custom_fields', 'projects', 'projectId'),
    filters: { status: oneOf('status'), 'entity-type': oneOf('entityType') },
  },
};

/** Filters of time entries by what they are booked on. */
export const bookingFilters = {
  project: oneOf('projectId'),
  task: oneOf('taskId'),
  tags: listHas('tagIds'),
  'project-required': isPresent('projectId'),
  'task-required': isPresent('taskId'),
};

const hasId = (row: Row, value: string) => value.split(',').includes(String(row['id']));

/** `hydrated=true` embeds tasks and custom fields. */
function presentProject(row: Row, { query, world }: Context): Row {
  if (query.get('hydrated') !== 'true') return row;
  const id = String(row['id']);
  return { ...row, tasks: world.list('tasks', id), customFields: world.list('project_custom_fields', id) };
}

function hasClientOfStatus(row: Row, value: string, { world }: Context): boolean {
  if (value === 'ALL') return true;
  const client = world.find('clients', textAt(row, 'clientId'));
  return client !== undefined && (client['archived'] === true) === (value === 'ARCHIVED');
}

function findTask(context: Context): Row {
  const project = findOne('projects', 'projectId')(context);
  const task = findOne('tasks', 'taskId')(context);
  if (task['projectId'] !== project['id']) throw notInWorkspace('Task');
  return task;
}
