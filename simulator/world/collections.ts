import type { Blueprint } from './blueprint.ts';
import { topCollection, type Collection } from './collection.ts';
import { moneyCollections } from './collections-money.ts';
import { peopleCollections } from './collections-people.ts';
import { timeCollections } from './collections-time.ts';
import { workCollections } from './collections-work.ts';
import type { Sources } from './sources.ts';
import type { EntityType, Row } from './types.ts';

/** Every collection of a world. */
export function createCollections(
  blueprint: Blueprint,
  sources: Sources,
  workspace: () => Row,
): Readonly<Record<EntityType, Collection>> {
  return {
    workspace: topCollection(() => [workspace()], workspace),
    ...peopleCollections(blueprint, sources),
    ...workCollections(blueprint, sources),
    ...timeCollections(blueprint, sources),
    ...moneyCollections(blueprint, sources),
  };
}
