import { mix } from '../../world/random.ts';
import type { Change } from '../../platform/change-log.ts';
import type { EntityType, Row } from '../../world/types.ts';
import type { AnswerTable, Context } from '../context.ts';
import { pagingStyles } from '../paging.ts';
import { refuse } from '../reply.ts';

const feed = { kind: 'list', members: 'never', paging: pagingStyles.zeroBased } as const;

/** Entities created, updated and deleted since the simulation began; of one that came to be and changed again in the window, nothing. */
export const entityFeedAnswers: AnswerTable = {
  getCreatedEntityInfo: { ...feed, rows: (context) => changesAsked('created', context).map((change) => change.row) },
  getUpdatedEntityInfo: { ...feed, rows: (context) => changesAsked('updated', context).map((change) => change.row) },
  getDeletedEntityInfo: {
    ...feed,
    rows: (context) => changesAsked('deleted', context).map(presentDeletion),
    wrap: (response, _, { workspace }) => (workspace.feeds.deletions === 'bare' ? response : { response }),
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
  const { answer, loss } = workspace.feeds;
  if (answer === 'refused') throw refuse(401, null, 'API is not accessible');
  if (answer === 'empty') return [];
  const entities = query
    .getAll('type')
    .flatMap((value) => value.split(','))
    .map((type) => entityOf[type]);
  const fromMs = readInstant(query.get('start'), nowMs - 30 * DAY_MS);
  const toMs = readInstant(query.get('end'), nowMs);
  const deletedUntilMs = Math.min(toMs, nowMs - DELETION_LAG_MS / workspace.webhooks.settings.speed);
  return workspace.changes
    .within({ fromMs, toMs, deletedUntilMs })
    .filter((change) => change.kind === kind && entities.includes(change.entity) && !isLost(change, loss));
}

/** Which ones get lost depends on the row and the instant alone. */
function isLost({ key, at }: Change, loss: number): boolean {
  const letters = Array.from(key, (letter) => letter.charCodeAt(0));
  return mix(at, ...letters) / 2 ** 32 < loss;
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
