import type { Extent } from '../db/observations.ts';
import type { EntityType } from '../domain/entities.ts';
import { getReadingRule } from '../domain/reading-rules.ts';
import type { ReadingRule } from '../domain/reading-rules.ts';
import type { RefetchTarget } from '../domain/refetch-target.ts';
import { buildWindow, findDeletionWindow } from './page-request.ts';
import type { ReadingList } from './page-request.ts';

/** How a target is read so that every row comes exactly as a scan would store it. */
export interface RefetchPlan {
  readonly rule: ReadingRule;
  readonly lists: readonly ReadingList[];
  /** Where a row names its parent, when the answer is not the list of one parent. */
  readonly parentAt: readonly string[] | null;
  /** The list is read until this row has come. */
  readonly until: string | null;
  /** The read only proves whether the row is there: its form is another one than the list's. */
  readonly isProbe?: true;
  /** What a complete answer must hold all rows of; null: it proves nothing about the others. */
  readonly extent: Extent | null;
}

/** Which single read brings a row in the very form of the list; that of an expense has another form. */
const details: Partial<Record<EntityType, DetailRead>> = {
  clients: { operationId: 'getClient', parameter: 'id' },
  tags: { operationId: 'getTag', parameter: 'id' },
  projects: { operationId: 'getProject', parameter: 'projectId', query: { hydrated: 'false' } },
  tasks: { operationId: 'getTask', parameter: 'taskId', parentParameter: 'projectId', parentAt: ['projectId'] },
  time_entries: { operationId: 'getTimeEntry', parameter: 'id', parentAt: ['userId'] },
  expenses: { operationId: 'getExpense', parameter: 'expenseId', isProbe: true },
};

interface DetailRead {
  readonly operationId: string;
  readonly parameter: string;
  readonly isProbe?: true;
  readonly parentParameter?: string;
  readonly parentAt?: readonly string[];
  readonly query?: Readonly<Record<string, string>>;
}

/** Lists without a single read, in the order in which a row that just changed comes early. */
const newestFirst: Partial<Record<EntityType, Readonly<Record<string, string>>>> = {
  approval_requests: { 'sort-column': 'UPDATED_AT', 'sort-order': 'DESCENDING' },
  invoices: { 'sort-column': 'ID', 'sort-order': 'DESCENDING' },
  time_off_requests: {},
};

/** Throws where no read serves the target: that is a mistake of the code that made it. */
export function planRefetch(target: RefetchTarget, now: Date): RefetchPlan {
  switch (target.by) {
    case 'id':
      return planRow(target);
    case 'parent':
      return planParent(target);
    case 'member':
      return planMember(target);
    case 'list':
      return planList(target.entity, now);
  }
}

const whole = { key: '', parentId: null, query: {} } as const;
const plain = { parentAt: null, until: null } as const;

function planRow({ entity, id, parentId }: Extract<RefetchTarget, { by: 'id' }>): RefetchPlan {
  const extent = { kind: 'rows', ids: [id] } as const;
  const read = details[entity];
  if (read !== undefined) {
    const { operationId, parameter, parentParameter, parentAt = null, query = {}, isProbe } = read;
    const path = { [parameter]: id, ...(parentParameter && { [parentParameter]: parentId ?? '' }) };
    const rule = { entity, operationId, scope: 'core', paging: 'single', itemsAt: [], loops: 1 } as const;
    return { rule, lists: [{ ...whole, path, query }], parentAt, until: id, extent, ...(isProbe && { isProbe }) };
  }
  const order = newestFirst[entity];
  if (order === undefined) throw new Error(`There is no reading of one row of ${entity}.`);
  return { ...plain, rule: getReadingRule(entity), lists: [{ ...whole, query: order }], until: id, extent };
}

function planParent({ entity, id }: { entity: EntityType; id: string }): RefetchPlan {
  const rule = getReadingRule(entity);
  if (rule.parent === undefined) throw new Error(`${entity} are below nothing.`);
  const extent = rule.parent.isOutlived ? null : ({ kind: 'parent', id } as const);
  return { ...plain, rule, lists: [{ ...whole, parentId: id }], extent };
}

/** Filters that narrow a list to one member; a platform that ignored them would send more rows, never wrong ones. */
function planMember({ entity, id }: { entity: EntityType; id: string }): RefetchPlan {
  const rule = getReadingRule(entity);
  const extent = { kind: 'member', id } as const;
  if (entity === 'expenses') return { ...plain, rule, lists: [{ ...whole, query: { 'user-id': id } }], extent };
  if (entity === 'time_off_requests') {
    return { ...plain, rule: { ...rule, body: { ...rule.body, users: [id] } }, lists: [whole], extent };
  }
  if (entity !== 'time_off_balances') throw new Error(`${entity} cannot be read by member.`);
  const { parent: _, ...byUser } = { ...rule, operationId: 'getBalancesForUser' };
  // Whether the balances of archived policies are among them is not known: what is missing is no proof.
  return {
    rule: byUser,
    lists: [{ ...whole, path: { userId: id } }],
    parentAt: ['policyId'],
    until: null,
    extent: null,
  };
}

function planList(entity: EntityType, now: Date): RefetchPlan {
  const rule = getReadingRule(entity);
  if (rule.parent !== undefined) throw new Error(`${entity} have no list of their own.`);
  const options = { scope: 'standard', timeEntries: true } as const;
  const query = { ...buildWindow(rule, options, now) };
  const times = findDeletionWindow(rule, { options, startedAt: now.toISOString() });
  const lists = (rule.sweeps ?? [{}]).map((sweep) => ({ ...whole, query: { ...query, ...sweep } }));
  return { ...plain, rule, lists, extent: { kind: 'list', times } };
}
