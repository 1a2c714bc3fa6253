import type { BootstrapOptions } from './bootstrap-options.ts';
import type { EntityType } from './entities.ts';
import { excludedReads } from './excluded-reads.ts';
import { readingRules } from './reading-rules.ts';
import type { ReadingRule } from './reading-rules.ts';

/** One child workflow of a run. */
export interface PlannedEntity {
  readonly entity: EntityType;
  readonly loops: number;
  /** Read after these. */
  readonly after: readonly EntityType[];
}

const scopes = {
  core: ['core'],
  standard: ['core', 'standard'],
  everything: ['core', 'standard', 'everything'],
} as const;

/** What a run with these options reads, in reading order. A chosen entity brings its parents along. */
export function buildPlan(options: BootstrapOptions): PlannedEntity[] {
  const wanted = options.only === undefined ? entitiesOfScope(options) : withParents(options.only);
  const inOrder = readingRules.filter(({ entity }) => wanted.has(entity));
  return inOrder.map((rule) => ({ entity: rule.entity, loops: rule.loops, after: buildPrerequisites(rule, wanted) }));
}

/** The workspace comes first: when even that is refused, nothing else need be asked. */
function buildPrerequisites({ entity, parent }: ReadingRule, wanted: ReadonlySet<EntityType>): EntityType[] {
  if (parent !== undefined) return [parent.entity];
  return entity !== 'workspace' && wanted.has('workspace') ? ['workspace'] : [];
}

function entitiesOfScope({ scope, timeEntries }: BootstrapOptions): Set<EntityType> {
  const included: readonly string[] = scopes[scope];
  const rules = readingRules.filter((rule) => included.includes(rule.scope));
  return new Set(rules.map(({ entity }) => entity).filter((entity) => timeEntries || entity !== 'time_entries'));
}

function withParents(only: readonly EntityType[]): Set<EntityType> {
  const parents = readingRules
    .filter(({ entity }) => only.includes(entity))
    .flatMap(({ parent }) => parent?.entity ?? []);
  return new Set([...only, ...parents]);
}

/**
 * Refuses an API description that the rules do not account for: a GET that is neither read nor excluded with a
 * reason, or a rule for an operation that is not there.
 */
export function assertEveryReadIsPlanned(operations: readonly { operationId: string; method: string }[]): void {
  const read = new Set(readingRules.map(({ operationId }) => operationId));
  const known = new Set(operations.map(({ operationId }) => operationId));
  const unplanned = operations.filter(
    ({ method, operationId }) => method === 'GET' && !read.has(operationId) && !(operationId in excludedReads),
  );
  const missing = [...read, ...Object.keys(excludedReads)].filter((operationId) => !known.has(operationId));
  if (unplanned.length === 0 && missing.length === 0) return;
  const names = [...unplanned.map(({ operationId }) => operationId), ...missing];
  throw new Error(`openapi.json and the reading rules differ: ${names.join(', ')}`);
}
