import type { MikroORM } from '@mikro-orm/postgresql';
import type { InstallationRef } from '../domain/contract.ts';
import { withWorkspace } from './orm.ts';
import { query } from './sql.ts';
import type { NewDelivery } from './webhook-events.ts';

export interface NewCustomEvent extends Pick<
  NewDelivery,
  'event' | 'raw' | 'fault' | 'json' | 'headers' | 'requestId'
> {
  readonly workspaceId: string;
  /** What was signed: no message is taken twice. */
  readonly message: Buffer;
}

export type StoredCustomEvent = 'stored' | 'replayed' | 'out_of_use';

/** Stores a call of a custom source for the installation that is active in its workspace. */
export async function storeCustomEvent(
  orm: MikroORM,
  event: NewCustomEvent,
): Promise<{ outcome: StoredCustomEvent; ref: InstallationRef | undefined }> {
  const { workspaceId } = event;
  const [row] = await withWorkspace(orm, workspaceId, (em) =>
    query<{ addonId: string; isNew: boolean }>(em, insertSql, [
      workspaceId,
      event.event,
      event.message,
      event.raw,
      event.json,
      JSON.stringify(event.headers),
      event.fault,
      event.requestId,
    ]),
  );
  if (row === undefined) return { outcome: 'out_of_use', ref: undefined };
  return { outcome: row.isNew ? 'stored' : 'replayed', ref: { workspaceId, addonId: row.addonId } };
}

/** The window of such a row has no end. */
const insertSql = `
with target as (
  select workspace_id, addon_id from installations where workspace_id = $1 and status = 'active'
), stored as (
  insert into webhook_events (workspace_id, addon_id, event, body_hash, window_start, raw, body, headers, received_at,
    last_received_at, state, due_at, reason, request_id)
  select workspace_id, addon_id, $2, sha256($3), to_timestamp(0), $4, $5::jsonb, $6::jsonb, now(), now(),
    case when $7::text is null then 'received' else 'quarantined' end, now(), $7, $8
  from target
  on conflict (workspace_id, addon_id, event, window_start, body_hash) do nothing
  returning addon_id
)
select addon_id as "addonId", exists (select from stored) as "isNew" from target`;
