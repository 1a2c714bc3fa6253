import type { EntityManager } from '@mikro-orm/postgresql';
import { countListSizes, findCopies, sampleParents } from '../db/copied-lists.ts';
import type { Copy } from '../db/copied-lists.ts';
import type { BootstrapOptions } from '../domain/bootstrap-options.ts';
import type { EntityType } from '../domain/entities.ts';
import type { ParentRule, ReadingRule } from '../domain/reading-rules.ts';
import { countRequests } from '../domain/request-count.ts';
import type { Measure, Population } from '../domain/surveyed-kind.ts';
import { buildWindow, findRowTimes } from './page-request.ts';

export interface CopiedCosts {
  readonly measures: ReadonlyMap<EntityType, Measure>;
  /** The parents of kinds that are not copied themselves. */
  readonly parents: ReadonlyMap<ParentRule, Population>;
  /** When the oldest of the copies that were counted was begun; null: none was. ISO 8601 in UTC. */
  readonly since: string | null;
}

export interface CopiedCostsQuery {
  readonly workspaceId: string;
  readonly rules: readonly ReadingRule[];
  readonly options: BootstrapOptions;
  readonly now: Date;
  readonly pageSizeOf: (rule: ReadingRule) => number;
  readonly maxPages: number;
}

/** What reading those kinds again would cost that an earlier run has read as far back as is asked for now. */
export async function countCopiedCosts(em: EntityManager, query: CopiedCostsQuery): Promise<CopiedCosts> {
  const { workspaceId, rules, options, now } = query;
  const copies = await findCopies(em, workspaceId);
  const measures = new Map<EntityType, Measure>();
  const parents = new Map<ParentRule, Population>();
  const used: string[] = [];
  const copyOf = (rule: ReadingRule): Copy | undefined =>
    copies.find((copy) => copy.entity === rule.entity && reachesBack(rule, copy, options, now));
  for (const rule of rules) {
    const copy = copyOf(rule);
    if (copy !== undefined) {
      used.push(new Date(copy.startedAt).toISOString());
      measures.set(rule.entity, await measureCopy(em, rule, query));
    } else if (rule.parent !== undefined && measures.has(rule.parent.entity)) {
      parents.set(rule.parent, { ...(await sampleParents(em, workspaceId, rule.parent)), margin: 0 });
    }
  }
  return { measures, parents, since: used.toSorted()[0] ?? null };
}

/** A copy of the last month says nothing about the year. */
function reachesBack(rule: ReadingRule, copy: Copy, options: BootstrapOptions, now: Date): boolean {
  if (rule.window !== 'time-entries') return true;
  const covered = buildWindow(rule, copy.options, new Date(copy.startedAt));
  const wanted = buildWindow(rule, options, now);
  return covered === null || (wanted !== null && covered.start <= wanted.start);
}

async function measureCopy(em: EntityManager, rule: ReadingRule, query: CopiedCostsQuery): Promise<Measure> {
  const { workspaceId, options, now, pageSizeOf, maxPages } = query;
  const times = findRowTimes(rule, buildWindow(rule, options, now));
  const sizes = await countListSizes(em, workspaceId, rule, times);
  const limits = { pageSize: pageSizeOf(rule), maxPages };
  return {
    calls: sizes.reduce((sum, { rows, lists }) => sum + lists * countRequests(rule, rows, limits), 0),
    margin: 0,
    rows: sizes.reduce((sum, { rows, lists }) => sum + lists * rows, 0),
  };
}
