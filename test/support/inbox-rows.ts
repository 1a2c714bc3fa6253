import type { InstallationRef } from '../../src/domain/contract.ts';
import type { DeliveryState } from '../../src/domain/inbox.ts';
import type { TestMirror } from './mirror.ts';

type Rows = Pick<TestMirror, 'rows'>;

export interface InboxRow {
  readonly event?: string;
  readonly state?: DeliveryState;
  /** SQL for the time of its receipt. */
  readonly receivedAt?: string;
  readonly attempts?: number;
  readonly raw?: Buffer;
  /** Whether the bytes were kept as JSON, too. */
  readonly isJson?: boolean;
  readonly reason?: string | null;
  readonly effect?: string | null;
  readonly entity?: readonly [type: string, id: string] | null;
}

/** Adds a delivery as receipt and processing would have left it, and tells its id. */
export async function addInboxRow(
  { rows }: Rows,
  { workspaceId, addonId }: InstallationRef,
  given: InboxRow = {},
): Promise<string> {
  const { event = 'NEW_TAG', state = 'processed', receivedAt = 'clock_timestamp()', attempts = 0 } = given;
  const { raw = Buffer.from('{"id":"tag-1"}'), isJson = true, reason = null, effect = null, entity = null } = given;
  const processedAt = state === 'processed' ? `${receivedAt} + interval '1500 ms'` : 'null';
  const [row] = await rows(
    `insert into webhook_events (workspace_id, addon_id, event, body_hash, window_start, raw, body, headers, received_at,
       last_received_at, processed_at, state, attempts, due_at, reason, effect, entity_type, entity_id, request_id)
     values ($1, $2, $3, sha256(gen_random_uuid()::text::bytea), now(), $5, case when $6 then '{}'::jsonb end,
       '{"host": "studio.example.com", "clockify-signature": "[redacted]"}', ${receivedAt}, ${receivedAt}, ${processedAt},
       $4, $7::int, now(), $8, $9, $10, $11, 'request-1') returning id::text`,
    [workspaceId, addonId, event, state, raw, isJson, attempts, reason, effect, entity?.[0], entity?.[1]],
  );
  return String(row?.['id']);
}

/**
 * Adds many, a second apart, the newest of them now: most are processed, of 20 events one as often as the other. One of
 * 500 failed, one of 1,000 cannot be understood.
 */
export async function fillInbox({ rows }: Rows, { workspaceId, addonId }: InstallationRef, count: number) {
  await rows(
    `insert into webhook_events (workspace_id, addon_id, event, body_hash, window_start, raw, body, headers, received_at,
       last_received_at, processed_at, changed_at, state, due_at)
     select $1, $2, 'EVENT_' || n % 20, sha256(n::text::bytea), at, '{}', '{}', '{}', at, at, at, at,
       case when n % 1000 = 0 then 'quarantined' when n % 500 = 0 then 'parked' when n < 10 then 'received'
         else 'processed' end, at
     from generate_series(1, $3::int) n, lateral (select now() - ($3::int - n) * interval '1 second' as at) t`,
    [workspaceId, addonId, count],
  );
  await rows('analyze webhook_events');
}
