import { parentOf, type EntityType, type Row, type World } from '../world/types.ts';
import { findEventRule } from './events.ts';

/** An event out of thin air: nothing changed. */
export interface FireOptions {
  readonly event: string;
  /** The row it speaks of; each row in turn without. */
  readonly entityId?: string;
  /** JSON in place of the platform's body. */
  readonly body?: unknown;
  /** Bytes in place of the platform's body: text, or base64. */
  readonly rawBody?: string;
  readonly rawBase64?: string;
  /** Replace the platform's headers; null leaves one out. */
  readonly headers?: Readonly<Record<string, string | null>>;
  /** The one webhook it goes to, whatever that is for; all of the event without. */
  readonly hookId?: string;
  /** So many deliveries to each webhook; 1 without. */
  readonly times?: number;
}

/** The body of the `index`-th delivery. Throws a sentence when there is no row to speak of. */
export function buildFiredBody(options: FireOptions, world: World, nowMs: number, index: number): Buffer {
  if (options.rawBase64 !== undefined) return Buffer.from(options.rawBase64, 'base64');
  if (options.rawBody !== undefined) return Buffer.from(options.rawBody);
  if (options.body !== undefined) return Buffer.from(JSON.stringify(options.body));
  const rule = findEventRule(options.event);
  if (rule === undefined) throw new Error(`${options.event} is no event: name a body.`);
  const row = findRow(world, rule.entity, options.entityId, index);
  if (row === undefined) throw new Error(`No row of ${rule.entity} for ${options.event}: name a body.`);
  return Buffer.from(JSON.stringify(rule.build(row, { world, nowMs })));
}

function findRow(world: World, entity: EntityType, id: string | undefined, index: number): Row | undefined {
  if (id !== undefined) return world.find(entity, id);
  const rows = rowsOf(world, entity);
  return rows[index % Math.max(rows.length, 1)];
}

/** All rows, or those below the first parent that has any. */
function rowsOf(world: World, entity: EntityType): readonly Row[] {
  const parent = parentOf[entity];
  if (parent === null) return world.list(entity);
  for (const { id } of world.list(parent)) {
    const rows = world.list(entity, String(id));
    if (rows.length > 0) return rows;
  }
  return [];
}
