import { createHash, randomUUID } from 'node:crypto';
import type { InstallationRef } from '../../src/domain/contract.ts';
import type { TestMirror } from './mirror.ts';

/** A delivery as the receipt would have stored it. */
export interface StoredDelivery {
  readonly event: string;
  readonly body: unknown;
  readonly dueInMs?: number;
}

/** Stores deliveries that wait, without a receipt; each is one of its own. Returns their ids. */
export async function addDeliveries(
  mirror: Pick<TestMirror, 'rows'>,
  { workspaceId, addonId }: InstallationRef,
  deliveries: readonly StoredDelivery[],
): Promise<string[]> {
  const rows = deliveries.map(({ event, body, dueInMs = 0 }) => ({ event, body, due: dueInMs, hash: randomHash() }));
  const stored = await mirror.rows(
    `insert into webhook_events (workspace_id, addon_id, event, body_hash, window_start, raw, body, headers, received_at,
       last_received_at, state, due_at)
     select $1, $2, event, decode(hash, 'hex'), clock_timestamp(), ''::bytea, body, '{}', clock_timestamp(),
       clock_timestamp(), 'received', clock_timestamp() + due * interval '1 ms'
     from jsonb_to_recordset($3::jsonb) as d(event text, body jsonb, due float8, hash text) returning id`,
    [workspaceId, addonId, JSON.stringify(rows)],
  );
  return stored.map(({ id }) => String(id));
}

const randomHash = (): string => createHash('sha256').update(randomUUID()).digest('hex');

/** Has stored deliveries come again, as the receipt would note it. */
export const redeliver = (mirror: Pick<TestMirror, 'rows'>, ids: readonly string[]): Promise<unknown> =>
  mirror.rows(
    `update webhook_events set deliveries = deliveries + 1, last_received_at = clock_timestamp(), state = 'received',
       reason = null, due_at = clock_timestamp(), attempts = 0
     where id = any($1::bigint[])`,
    [ids],
  );
