import type { MikroORM } from '@mikro-orm/postgresql';
import { z } from 'zod';
import { listLines } from '../db/inbox-lines.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { inboxFilterSchema, mostInboxLines } from '../domain/inbox-requests.ts';
import type { InboxLine, InboxPage } from '../domain/inbox.ts';
import { buildCursor, cursorSchema } from './inbox-cursor.ts';
import { fromStorage } from './storage.ts';

/** What a page of deliveries is asked for with, in the query of an address. */
export const inboxQuerySchema = inboxFilterSchema.extend({
  cursor: cursorSchema.optional(),
  limit: z.coerce.number().int().min(1).max(mostInboxLines).default(50),
});

/** One page of the deliveries of an installation, newest first. */
export async function loadInboxPage(
  orm: MikroORM,
  ref: InstallationRef,
  { cursor, limit, ...filter }: z.infer<typeof inboxQuerySchema>,
): Promise<InboxPage> {
  const lines = await fromStorage(listLines(orm, ref, { ...filter, after: cursor, limit }));
  const last = lines.length === limit ? lines.at(-1) : undefined;
  return { lines: lines.map(presentLine), next: last === undefined ? null : buildCursor(last) };
}

/** Field by field: a column that is added later does not leave by itself. */
export const presentLine = (line: InboxLine): InboxLine => ({
  id: line.id,
  event: line.event,
  state: line.state,
  deliveries: line.deliveries,
  attempts: line.attempts,
  receivedAt: line.receivedAt,
  lastReceivedAt: line.lastReceivedAt,
  processedAt: line.processedAt,
  latencyMs: line.latencyMs,
  effect: line.effect,
  entityType: line.entityType,
  entityId: line.entityId,
  reason: line.reason,
  changedAt: line.changedAt,
});
