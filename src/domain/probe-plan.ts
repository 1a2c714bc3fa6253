import type { Catalogue } from './catalogue.ts';
import type { Probe } from './diagnosis-facts.ts';
import { isOffered } from './features.ts';
import { readingRules } from './reading-rules.ts';

export type PlannedProbe = Omit<Probe, 'outcome'>;

/**
 * One small read for each read permission among `scopes`: of the first kind of rows that needs it, parents before
 * children. Kinds that the workspace's features leave out are not tried: a refusal would say nothing of permissions.
 */
export function planProbes(
  catalogue: Catalogue,
  scopes: readonly string[],
  features: readonly string[] | null,
): PlannedProbe[] {
  const wanted = new Set(scopes);
  return readingRules.flatMap(({ entity, operationId }) => {
    const operation = catalogue.get(operationId);
    if (operation === undefined || operation.scope === null || operation.base === 'pto') return [];
    if (!wanted.delete(operation.scope) || !isOffered(entity, features)) return [];
    return [{ scope: operation.scope, entity, base: operation.base }];
  });
}
