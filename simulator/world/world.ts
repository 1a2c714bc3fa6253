import { createBlueprint, freshIndex } from './blueprint.ts';
import { once } from './collection.ts';
import { createCollections } from './collections.ts';
import { featuresInUse, featuresOf } from './plans.ts';
import { createSources } from './sources.ts';
import { createStore } from './store.ts';
import type { ProfileName, World } from './types.ts';
import { buildWorkspace } from './workspace.ts';

export interface WorldOptions {
  readonly profile: ProfileName;
  readonly seed: number;
  /** The end of the history, cut to the second. */
  readonly now: Date;
  /** Also changes all other ids; drawn from the seed when absent. */
  readonly workspaceId?: string;
  /** FREE, BASIC, STANDARD, PRO or ENTERPRISE with exactly its features; the profile's own plan has those of its rows as well. */
  readonly plan?: string;
}

const planOf: Readonly<Record<ProfileName, string>> = { XS: 'FREE', S: 'PRO', M: 'PRO', L: 'ENTERPRISE', X: 'PRO' };

/**
 * The data of one simulated workspace. The same options give the same rows, in whatever order they are asked for.
 * Rows are drawn on first use. A list is a snapshot: a change puts a new array in its place. `insert` replaces a row
 * of the same key. Rows of one kind per parent (member profiles, invoice details) follow their parent's changes.
 * Throws on an unknown plan, and where a nested row would have no parent.
 */
export function createWorld(options: WorldOptions): World {
  const blueprint = createBlueprint(options);
  const { profile, workspaceId, counts } = blueprint;
  const plan = options.plan ?? planOf[profile];
  const extra = options.plan === undefined ? featuresInUse(counts) : [];
  const features = [...new Set([...featuresOf(plan), ...extra])];
  const sources = createSources(blueprint);
  const workspace = once(() => buildWorkspace(blueprint, sources.users(), features, plan));
  const collections = createCollections(blueprint, sources, workspace);
  const store = createStore(blueprint, collections);
  let made = 0;

  return {
    profile,
    workspaceId,
    plan,
    features,
    ownerId: blueprint.id('users', 0),
    list: store.list,
    find: store.find,
    insert: store.insert,
    remove: store.remove,
    make: (entity, parentId) => collections[entity].fresh(freshIndex + made++, store.parentFor(entity, parentId)),
    truth: store.truth,
  };
}
