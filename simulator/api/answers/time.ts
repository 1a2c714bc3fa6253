import type { Row } from '../../world/types.ts';
import type { AnswerTable, Context } from '../context.ts';
import { oneOf, startsAtOrAfter, startsAtOrBefore, text } from '../filters.ts';
import { pagingStyles } from '../paging.ts';
import { json } from '../reply.ts';
import { all, below, findOne, valueAt, without } from '../rows.ts';
import { bookingFilters } from './projects.ts';

const isRunning = (row: Row) => (valueAt(row, 'timeInterval.end') ?? null) === null;

/** Time entries and the approvals over them. */
export const timeAnswers: AnswerTable = {
  getTimeEntries: {
    kind: 'list',
    members: 'self',
    rows: below('time_entries', 'users', 'userId'),
    paging: pagingStyles.standard,
    lastPageHeader: true,
    present: presentEntry,
    filters: {
      ...bookingFilters,
      description: text('description'),
      start: startsAtOrAfter,
      end: startsAtOrBefore,
      'in-progress': (row, value) => value !== 'true' || isRunning(row),
    },
  },
  getTimeEntry: {
    kind: 'other',
    reply: (context) => json(presentEntry(findOne('time_entries', 'id')(context), context)),
  },
  getInProgressTimeEntries: {
    kind: 'list',
    members: 'never',
    rows: ({ world }) =>
      world.list('users').flatMap((user) => world.list('time_entries', String(user['id'])).filter(isRunning)),
    paging: pagingStyles.inProgress,
    lastPageHeader: true,
  },
  getApprovalRequests: {
    kind: 'list',
    feature: 'APPROVAL',
    rows: all('approval_requests'),
    paging: pagingStyles.standard,
    lastPageHeader: true,
    sort: {
      ID: 'approvalRequest.id',
      USER_ID: 'approvalRequest.owner.userId',
      START: 'approvalRequest.dateRange.start',
      UPDATED_AT: 'approvalRequest.status.updatedAt',
    },
    filters: { status: oneOf('approvalRequest.status.state') },
  },
};

/** `hydrated=true` puts objects in the place of ids. */
function presentEntry(row: Row, { query, world }: Context): Row {
  if (query.get('hydrated') !== 'true') return row;
  const tagIds = Array.isArray(row['tagIds']) ? row['tagIds'] : [];
  return {
    ...without(row, 'projectId', 'taskId', 'tagIds'),
    project: world.find('projects', String(row['projectId'])) ?? null,
    task: world.find('tasks', String(row['taskId'])) ?? null,
    tags: tagIds.map((tagId) => world.find('tags', String(tagId)) ?? null),
  };
}
