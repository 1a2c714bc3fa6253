import type { MikroORM } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { findHistory } from '../db/entity-history.ts';
import type { EntityRef } from '../db/versions.ts';
import type { EntityHistory, EntityVersionLine } from '../domain/entity-history.ts';
import { entityVersionSchema, mostEntityVersions } from '../domain/entity-requests.ts';
import { fromStorage } from './storage.ts';

/** What a page of versions is asked for with, in the query of an address. */
export const historyQuerySchema = z.strictObject({
  cursor: entityVersionSchema.optional(),
  limit: z.coerce.number().int().min(1).max(mostEntityVersions).default(mostEntityVersions),
});

/** An entity with a page of its versions, newest first; undefined where the mirror never held it. */
export async function loadHistory(
  orm: MikroORM,
  ref: EntityRef,
  { cursor, limit }: z.infer<typeof historyQuerySchema>,
): Promise<EntityHistory | undefined> {
  const history = await fromStorage(findHistory(orm, ref, { before: cursor, limit }));
  return history && presentHistory(history);
}

/** Field by field: a column that is added later does not leave by itself. */
function presentHistory(history: Omit<EntityHistory, 'next'>): EntityHistory {
  const last = history.versions.at(-1);
  return {
    kind: history.kind,
    id: history.id,
    parentId: history.parentId,
    version: history.version,
    isDeleted: history.isDeleted,
    source: history.source,
    observedAt: history.observedAt,
    changedAt: history.changedAt,
    versions: history.versions.map(presentVersion),
    // What was compared has a version before it.
    next: last === undefined || last.changed === null ? null : String(last.version),
  };
}

const presentVersion = (line: EntityVersionLine): EntityVersionLine => ({
  version: line.version,
  source: line.source,
  isDeleted: line.isDeleted,
  from: line.from,
  to: line.to,
  changed: line.changed,
});
