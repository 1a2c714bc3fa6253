import type { Change } from '../../platform/change-log.ts';
import type { EntityType, Row } from '../../world/types.ts';
import type { AnswerTable, Context } from '../context.ts';
import { pagingStyles } from '../paging.ts';
import { refuse } from '../reply.ts';

const feed = { kind: 'list', members: 'never', paging: pagingStyles.zeroBased } as const;

/** Entities created, updated and deleted since the simulation began. */
export const entityFeedAnswers: AnswerTable = {
  getCreatedEntityInfo: { ...feed, rows: (context) => changesAsked('created', context).map((change) => change.row) },
  getUpdatedEntityInfo: { ...feed, rows: (context) => changesAsked('updated', context).map((change) => change.row) },
  getDeletedEntityInfo: {
    ...feed,
    rows: (context) => changesAsked('deleted', context).map(presentDeletion),
    wrap: (response) => ({ response }),
  },
};

const entityOf: Readonly<Record<string, EntityType | null>> = {
  CLIENTS: 'clients',
  PROJECTS: 'projects',
  TAGS: 'tags',
  TASKS: 'tasks',
  SCHEDULED_ASSIGNMENT: 'assignments',
  TIME_ENTRY: 'time_entries',
  TIME_ENTRY_RATE: null,
  TIME_ENTRY_CUSTOM_FIELD_VALUE: null,
};

const DAY_MS = 24 * 3600 * 1000;
/** Deletions show up about a minute late. */
const DELETION_LAG_MS = 60_000;

function changesAsked(kind: Change['kind'], { query, workspace, nowMs }: Context): readonly Change[] {
  const entities = query
    .getAll('type')
    .flatMap((value) => value.split(','))
    .map((type) => entityOf[type]);
  const from = readInstant(query.get('start'), nowMs - 30 * DAY_MS);
  const to = readInstant(query.get('end'), nowMs);
  const visibleUntil = kind === 'deleted' ? Math.min(to, nowMs - DELETION_LAG_MS) : to;
  return workspace.changes.between(kind, from, visibleUntil).filter((change) => entities.includes(change.entity));
}

function readInstant(value: string | null, assumed: number): number {
  if (value === null) return assumed;
  const instant = Date.parse(value);
  if (Number.isNaN(instant)) throw refuse(400, 3000, 'not an instant');
  return instant;
}

function presentDeletion(change: Change): Row {
  return {
    id: change.key,
    documentCode: change.entity.toUpperCase(),
    document: change.row,
    deletedAt: new Date(change.at).toISOString(),
  };
}
