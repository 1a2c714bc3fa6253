import type { EntityManager, MikroORM } from '@mikro-orm/postgresql';
import type { InstallationRef } from '../domain/contract.ts';
import { withLifecycleTurn } from './installations.ts';
import { query } from './sql.ts';
import { isPurged } from './tombstones.ts';
import type { NewDelivery } from './webhook-events.ts';

/** `known`: the installation is there by now. `full`: its workspace has too much waiting already. */
export type KeptAside = 'kept' | 'known' | 'full' | 'purged';

const keptFor = `interval '1 hour'`;
const mostPerWorkspace = 1_000;

/**
 * Keeps a delivery for an installation that we do not know yet. It takes turns with the lifecycle calls of the
 * workspace, so that a delivery is either kept before INSTALLED adopts or finds the installation.
 */
export function keepAside(orm: MikroORM, delivery: NewDelivery): Promise<KeptAside> {
  const { workspaceId, addonId } = delivery;
  return withLifecycleTurn(orm, workspaceId, async (em) => {
    const known = await query(em, 'select from installations where workspace_id = $1 and addon_id = $2', [
      workspaceId,
      addonId,
    ]);
    if (known.length > 0) return 'known';
    if (await isPurged(em, delivery)) return 'purged';
    await forgetExpired(em);
    const [kept] = await query<{ count: number }>(
      em,
      'select count(*)::int as count from early_webhooks where workspace_id = $1',
      [workspaceId],
    );
    if ((kept?.count ?? 0) >= mostPerWorkspace) return 'full';
    await insertEarly(em, delivery);
    return 'kept';
  });
}

/** Forgets what was kept for too long, of all workspaces: those that never installed us will not come for theirs. */
export async function forgetExpired(em: EntityManager): Promise<void> {
  await query(em, `select set_config('app.sweeping', 'on', true)`);
  await query(em, `delete from early_webhooks where received_at < clock_timestamp() - ${keptFor}`);
  await query(em, `select set_config('app.sweeping', '', true)`);
}

async function insertEarly(em: EntityManager, delivery: NewDelivery): Promise<void> {
  const { workspaceId, addonId, path, tokenDigest, event, raw, fault, json, headers, requestId } = delivery;
  await query(
    em,
    `insert into early_webhooks as e (workspace_id, addon_id, path, token_digest, body_hash, event, raw, body, headers,
       state, reason, received_at, last_received_at, request_id)
     values ($1, $2, $3, $4, sha256($6), $5, $6, $7::jsonb, $8::jsonb, $9, $10, clock_timestamp(), clock_timestamp(), $11)
     on conflict (workspace_id, addon_id, path, token_digest, body_hash) do update set
       deliveries = e.deliveries + 1, last_received_at = excluded.last_received_at, request_id = excluded.request_id`,
    [
      workspaceId,
      addonId,
      path,
      tokenDigest,
      event,
      raw,
      json,
      JSON.stringify(headers),
      fault === null ? 'received' : 'quarantined',
      fault,
      requestId,
    ],
  );
}

/** Takes over what came before INSTALLED, of the tokens that it named; in the transaction that stored those. */
export async function adoptEarlyWebhooks(em: EntityManager, { workspaceId, addonId }: InstallationRef): Promise<void> {
  await query(
    em,
    `with adopted as (
       delete from early_webhooks e using webhook_registrations r
       where e.workspace_id = $1 and e.addon_id = $2 and e.received_at >= clock_timestamp() - ${keptFor}
         and r.workspace_id = $1 and r.addon_id = $2 and r.path = e.path and r.token_digest = e.token_digest
       returning e.*
     )
     insert into webhook_events as w (workspace_id, addon_id, event, body_hash, window_start, raw, body, headers,
       received_at, last_received_at, deliveries, state, due_at, reason, request_id)
     select workspace_id, addon_id, event, body_hash, date_bin('10 minutes', received_at, 'epoch'), raw, body, headers,
       received_at, last_received_at, deliveries, state, clock_timestamp(), reason, request_id
     from adopted order by event, body_hash
     on conflict (workspace_id, addon_id, event, window_start, body_hash) do update set
       deliveries = w.deliveries + excluded.deliveries,
       state = case when w.state = 'quarantined' then w.state else 'received' end,
       due_at = excluded.due_at, attempts = 0`,
    [workspaceId, addonId],
  );
}
