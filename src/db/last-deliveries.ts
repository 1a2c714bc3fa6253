import type { MikroORM } from '@mikro-orm/postgresql';
import type { InstallationRef } from '../domain/contract.ts';
import { isWebhookEvent, webhookEvents } from '../domain/webhook-events.ts';
import type { WebhookEvent } from '../domain/webhook-events.ts';
import { withWorkspace } from './orm.ts';
import { query } from './sql.ts';

/** When the newest delivery of each event came, ISO 8601 in UTC; without those that never came. */
export async function loadLastDeliveries(
  orm: MikroORM,
  { workspaceId, addonId }: InstallationRef,
): Promise<Partial<Record<WebhookEvent, string>>> {
  // The unique key leads to the newest window of each event, however many deliveries there are.
  const rows = await withWorkspace(orm, workspaceId, (em) =>
    query<{ event: string; at: Date }>(
      em,
      `select known.event, newest.at from unnest($3::text[]) as known(event)
       cross join lateral (
         select max(last_received_at) as at from webhook_events
         where workspace_id = $1 and addon_id = $2 and event = known.event and window_start = (
           select max(window_start) from webhook_events
           where workspace_id = $1 and addon_id = $2 and event = known.event)
       ) newest
       where newest.at is not null`,
      [workspaceId, addonId, webhookEvents],
    ),
  );
  return Object.fromEntries(
    rows.flatMap(({ event, at }) => (isWebhookEvent(event) ? [[event, new Date(at).toISOString()]] : [])),
  );
}
