import { parentOf, type EntityType, type Row, type Truth, type World } from '../world/types.ts';

export type TruthDump = Readonly<Record<EntityType, Truth>>;

const entities = Object.keys(parentOf) as EntityType[];

/** Count and hash of every collection: what a complete copy must equal. */
export function dumpTruth(world: World): TruthDump {
  return Object.fromEntries(entities.map((entity) => [entity, world.truth(entity)])) as TruthDump;
}

/** Every row of a collection; nested ones parent by parent. */
export function listRows(world: World, entity: EntityType): readonly Row[] {
  if (!(entity in parentOf)) throw new Error(`There is no collection ${String(entity)}.`);
  const parent = parentOf[entity];
  if (parent === null) return world.list(entity);
  return world.list(parent).flatMap((row) => world.list(entity, String(row['id'])));
}
