import { createWorld, type WorldOptions } from '../world/world.ts';
import { parentOf, type EntityType, type ProfileName, type Row, type World } from '../world/types.ts';

export const entities = Object.keys(parentOf) as EntityType[];
export const testNow = new Date('2026-11-21T10:00:00Z');

/** A world for a test; the same every time unless options say otherwise. */
export function testWorld(profile: ProfileName, options: Partial<WorldOptions> = {}): World {
  return createWorld({ profile, seed: 1, now: testNow, ...options });
}

/** Every row of a collection, nested ones parent by parent. */
export function allRows(world: World, entity: EntityType): readonly Row[] {
  const parent = parentOf[entity];
  if (parent === null) return world.list(entity);
  return world.list(parent).flatMap((row) => world.list(entity, String(row['id'])));
}

/** A value somewhere inside a row, by a dotted path. */
export function at(row: unknown, path: string): unknown {
  let value = row;
  for (const step of path.split('.')) value = (value as Row | null | undefined)?.[step];
  return value;
}
