import type { MikroORM } from '@mikro-orm/postgresql';
import type { InstallationRef } from '../domain/contract.ts';
import type { EntityType } from '../domain/entities.ts';
import type { ErrorCode } from '../domain/errors.ts';
import type { DeliveryIds } from '../domain/event-targets.ts';
import { idsOf } from './delivery-ids.function.ts';
import { withWorkspace } from './orm.ts';
import { query } from './sql.ts';

/** A delivery that waits for its processing: what it is about, and nothing of what it says. */
export interface DueDelivery {
  readonly id: string;
  readonly event: string;
  readonly ids: DeliveryIds;
  /** How often it had come; what comes meanwhile must be processed again. */
  readonly deliveries: number;
  readonly attempts: number;
  /** Database time of its last coming, in epoch milliseconds. */
  readonly receivedMs: number;
  readonly requestId: string | null;
}

/** The due deliveries of an installation, those that wait longest first. */
export function loadDueDeliveries(
  orm: MikroORM,
  { workspaceId, addonId }: InstallationRef,
  limit: number,
): Promise<DueDelivery[]> {
  return withWorkspace(orm, workspaceId, (em) =>
    query(
      em,
      `select id, event, deliveries, attempts, request_id as "requestId",
         extract(epoch from last_received_at)::float8 * 1000 as "receivedMs", coalesce(ids, ${idsOf('body')}) as ids
       from webhook_events
       where workspace_id = $1 and addon_id = $2 and state = 'received' and due_at <= clock_timestamp()
       order by due_at, id limit $3::int`,
      [workspaceId, addonId, limit],
    ),
  );
}

/** What a delivery did to the mirror. `ignored`: it names nothing that could be fetched. */
export type DeliveryEffect = 'changed' | 'unchanged' | 'deleted' | 'ignored';

export interface FinishedDelivery extends Pick<DueDelivery, 'id' | 'deliveries'> {
  readonly effect: DeliveryEffect;
  readonly entity: EntityType | null;
  readonly entityId: string | null;
}

/**
 * Marks deliveries as processed, unless they came again meanwhile, and their kinds as fresh; tells the seconds from their
 * last coming.
 */
export async function finishDeliveries(
  orm: MikroORM,
  { workspaceId, addonId }: InstallationRef,
  finished: readonly FinishedDelivery[],
): Promise<{ effect: DeliveryEffect; seconds: number }[]> {
  if (finished.length === 0) return [];
  return withWorkspace(orm, workspaceId, (em) =>
    query(
      em,
      `with done as (
         update webhook_events e set state = 'processed', processed_at = clock_timestamp(), effect = f.effect,
           entity_type = f.entity, entity_id = f."entityId", reason = null
         from jsonb_to_recordset($3::jsonb) as f(id bigint, deliveries int, effect text, entity text, "entityId" text)
         where e.workspace_id = $1 and e.addon_id = $2 and e.id = f.id and e.deliveries = f.deliveries
           and e.state = 'received'
         returning e.effect, e.entity_type, extract(epoch from clock_timestamp() - e.last_received_at)::float8 as seconds
       ), marked as (
         insert into refresh_marks (workspace_id, addon_id, entity_type, event_at)
         select i.workspace_id, i.addon_id, kinds.entity_type, clock_timestamp()
         from (select distinct entity_type from done where entity_type is not null) kinds, installations i
         where i.workspace_id = $1 and i.addon_id = $2 order by kinds.entity_type
         on conflict (workspace_id, addon_id, entity_type) do update set event_at = excluded.event_at)
       select effect, seconds from done`,
      [workspaceId, addonId, JSON.stringify(finished)],
    ),
  );
}

export interface FailedDelivery extends Pick<DueDelivery, 'id' | 'deliveries'> {
  readonly reason: ErrorCode;
  /** Until the next try; null: there is none. */
  readonly delayMs: number | null;
  readonly entity: EntityType | null;
  readonly entityId: string | null;
}

/** Notes a try that failed, unless the delivery came again meanwhile; without a next try it is parked. */
export async function failDeliveries(
  orm: MikroORM,
  { workspaceId, addonId }: InstallationRef,
  failed: readonly FailedDelivery[],
): Promise<{ state: 'received' | 'parked' }[]> {
  if (failed.length === 0) return [];
  return withWorkspace(orm, workspaceId, (em) =>
    query(
      em,
      `update webhook_events e set attempts = e.attempts + 1, reason = f.reason, entity_type = f.entity,
         entity_id = f."entityId", state = case when f."delayMs" is null then 'parked' else 'received' end,
         due_at = clock_timestamp() + coalesce(f."delayMs", 0) * interval '1 ms'
       from jsonb_to_recordset($3::jsonb)
         as f(id bigint, deliveries int, reason text, "delayMs" float8, entity text, "entityId" text)
       where e.workspace_id = $1 and e.addon_id = $2 and e.id = f.id and e.deliveries = f.deliveries
         and e.state = 'received'
       returning e.state`,
      [workspaceId, addonId, JSON.stringify(failed)],
    ),
  );
}
