import type { Row } from '../../world/types.ts';
import type { AnswerTable, Context } from '../context.ts';
import { text } from '../filters.ts';
import { pagingStyles } from '../paging.ts';
import { empty, json, type Reply } from '../reply.ts';
import { all, findOne, textAt, valueAt } from '../rows.ts';

const scheduling = { feature: 'SCHEDULING' } as const;

/** Assignments and the totals computed from them. */
export const schedulingAnswers: AnswerTable = {
  getAllAssignments: {
    kind: 'list',
    ...scheduling,
    rows: all('assignments'),
    paging: pagingStyles.standard,
    lastPageHeader: true,
    sort: { ID: 'id', PROJECT: 'projectName', USER: 'userName' },
    filters: { name: text('projectName'), start: endsAtOrAfter, end: startsAtOrBefore },
  },
  getProjectTotals: {
    kind: 'list',
    ...scheduling,
    rows: (context) => context.world.list('projects').flatMap((project) => projectTotals(project, context)),
    paging: pagingStyles.standard,
    filters: { search: text('projectName') },
  },
  getProjectTotalsForSingleProject: {
    kind: 'other',
    ...scheduling,
    reply: (context) => firstOrNothing(projectTotals(findOne('projects', 'projectId')(context), context)),
  },
  getUserTotalsForSingleUser: {
    kind: 'other',
    ...scheduling,
    reply: (context) => firstOrNothing(userTotals(findOne('users', 'userId')(context), context)),
  },
};

function endsAtOrAfter(row: Row, value: string): boolean {
  return textAt(row, 'period.end') >= value;
}

function startsAtOrBefore(row: Row, value: string): boolean {
  return textAt(row, 'period.start') <= value;
}

/** Computed reads without a row answer 200 with no body at all. */
function firstOrNothing([total]: readonly Row[]): Reply {
  return total === undefined ? empty(200) : json(total);
}

function assignmentsInWindow(context: Context, field: 'projectId' | 'userId', id: unknown): readonly Row[] {
  const [start, end] = [context.query.get('start') ?? '', context.query.get('end') ?? ''];
  return context.world
    .list('assignments')
    .filter((row) => row[field] === id && endsAtOrAfter(row, start) && startsAtOrBefore(row, end));
}

function projectTotals(project: Row, context: Context): readonly Row[] {
  const assignments = assignmentsInWindow(context, 'projectId', project['id']);
  if (assignments.length === 0) return [];
  return [
    {
      projectId: project['id'],
      projectName: project['name'],
      projectArchived: project['archived'],
      projectBillable: project['billable'],
      projectColor: project['color'],
      clientName: assignments[0]?.['clientName'] ?? null,
      workspaceId: project['workspaceId'],
      totalHours: sumOfHours(assignments),
      assignments: assignments.map((row) => ({ date: valueAt(row, 'period.start'), hasAssignment: true })),
      milestones: [],
    },
  ];
}

function userTotals(user: Row, context: Context): readonly Row[] {
  const assignments = assignmentsInWindow(context, 'userId', user['id']);
  if (assignments.length === 0) return [];
  return [
    {
      userId: user['id'],
      userName: user['name'],
      userStatus: user['status'],
      userImage: user['profilePicture'],
      workspaceId: context.world.workspaceId,
      capacityPerDay: 8,
      workingDays: ['MONDAY', 'TUESDAY', 'WEDNESDAY', 'THURSDAY', 'FRIDAY'],
      totalHoursPerDay: assignments.map((row) => ({
        date: valueAt(row, 'period.start'),
        totalHours: row['hoursPerDay'],
      })),
    },
  ];
}

function sumOfHours(assignments: readonly Row[]): number {
  return assignments.reduce((sum, row) => sum + Number(row['hoursPerDay'] ?? 0), 0);
}
