import type { MikroORM } from '@mikro-orm/postgresql';
import type { InstallationRef } from '../domain/contract.ts';
import type { InstallationStatus } from './installation.entity.ts';
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
