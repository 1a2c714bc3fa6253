import type { MikroORM } from '@mikro-orm/postgresql';
import type { InstallationRef } from '../domain/contract.ts';
import type { WebhookEvent } from '../domain/webhook-events.ts';
import type { InstallationStatus } from './installation.entity.ts';
import { withWorkspace } from './orm.ts';
import { query } from './sql.ts';
import type { WebhookRegistration } from './webhook-registration.entity.ts';

/** A delivery whose token was proven, ready to be stored. */
export interface NewDelivery extends InstallationRef {
  readonly path: string;
  /** Of the token that came with it; looked at again when it is stored. */
  readonly tokenDigest: string;
  readonly event: string;
  readonly raw: Buffer;
  /** Why it is put aside; null for one that can be processed. */
  readonly fault: string | null;
  /** JSON that can be stored: that of `raw`, unless it has a fault. */
  readonly json: string | null;
  readonly headers: Readonly<Record<string, string>>;
  readonly requestId: string;
}

/**
 * Stores deliveries of any workspaces in one transaction and one round trip. Tells for each how often it came within
 * ten minutes, or null when its installation is not in use (any more).
 */
export async function storeDeliveries(orm: MikroORM, deliveries: readonly NewDelivery[]): Promise<(number | null)[]> {
  const [row] = await query<{ counts: (number | null)[] }>(
    orm.em.fork(),
    'select store_deliveries($1::json, $2) as counts',
    [JSON.stringify(deliveries.map(toRow)), Buffer.concat(deliveries.map(({ raw }) => raw))],
  );
  if (row === undefined) throw new Error('store_deliveries gave no row');
  return row.counts;
}

/** JSON without a fault is not sent twice. */
const toRow = ({
  workspaceId,
  addonId,
  path,
  tokenDigest,
  event,
  raw,
  fault,
  json,
  headers,
  requestId,
}: NewDelivery) => ({
  workspace: workspaceId,
  addon: addonId,
  path,
  digest: tokenDigest,
  event,
  bytes: raw.length,
  fault,
  body: fault === null ? null : json,
  headers,
  request: requestId,
});

/** A delivery that did not get through, as far as Clockify knows. */
export interface FailedAttempt {
  /** SHA-256 of the body, in hexadecimal. */
  readonly bodyHash: string;
  /** ISO 8601; null: nobody knows. */
  readonly failedAt: string | null;
}

/** Those of them whose bodies came, for the same event, after they had failed: their hashes. */
export async function findArrived(
  orm: MikroORM,
  { workspaceId, addonId }: InstallationRef,
  event: WebhookEvent,
  failed: readonly FailedAttempt[],
): Promise<ReadonlySet<string>> {
  const rows = await withWorkspace(orm, workspaceId, (em) =>
    query<{ hash: string }>(
      em,
      `with failed as (
         select "bodyHash" as hash, "failedAt" as at
         from jsonb_to_recordset($4::jsonb) as f("bodyHash" text, "failedAt" timestamptz) where "failedAt" is not null)
       select f.hash from failed f join webhook_events e on e.workspace_id = $1 and e.addon_id = $2 and e.event = $3
         and e.window_start >= (select min(at) from failed) - interval '10 minutes'
         and e.body_hash = decode(f.hash, 'hex') and e.last_received_at >= f.at`,
      [workspaceId, addonId, event, JSON.stringify(failed)],
    ),
  );
  return new Set(rows.map(({ hash }) => hash));
}

/** What decides about the deliveries of one installation. */
export interface WebhookGate {
  readonly status: InstallationStatus;
  /** By path. */
  readonly hooks: Readonly<Record<string, { readonly kind: WebhookRegistration['kind']; readonly digest: string }>>;
}

/** The gates of installations in the order given, undefined for one that is not known; one round trip. */
export async function findWebhookGates(
  orm: MikroORM,
  refs: readonly InstallationRef[],
): Promise<(WebhookGate | undefined)[]> {
  const rows = await query<WebhookGate & { workspace: string; addon: string }>(
    orm.em.fork(),
    'select * from find_webhook_gates($1, $2)',
    [refs.map(({ workspaceId }) => workspaceId), refs.map(({ addonId }) => addonId)],
  );
  const found = new Map(
    rows.map(({ workspace, addon, status, hooks }) => [`${workspace}:${addon}`, { status, hooks }]),
  );
  return refs.map(({ workspaceId, addonId }) => found.get(`${workspaceId}:${addonId}`));
}
