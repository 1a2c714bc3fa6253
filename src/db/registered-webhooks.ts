import type { MikroORM } from '@mikro-orm/postgresql';
import type { InstallationRef } from '../domain/contract.ts';
import { AddonError } from '../domain/errors.ts';
import { buildWebhookPath, isWebhookEvent } from '../domain/webhook-events.ts';
import type { WebhookEvent } from '../domain/webhook-events.ts';
import type { HeldWebhook } from '../domain/webhook-plan.ts';
import { withWorkspace } from './orm.ts';
import { query } from './sql.ts';
import { WebhookRegistration } from './webhook-registration.entity.ts';

/** The webhooks of an installation whose tokens we hold. */
export async function listHeldWebhooks(
  orm: MikroORM,
  { workspaceId, addonId }: InstallationRef,
): Promise<HeldWebhook[]> {
  const rows = await withWorkspace(orm, workspaceId, (em) => em.find(WebhookRegistration, { workspaceId, addonId }));
  return rows.flatMap(({ event, kind, webhookId }) =>
    isWebhookEvent(event) ? [{ event, kind, webhookId: webhookId ?? null }] : [],
  );
}

export interface RegisteredWebhook {
  readonly event: WebhookEvent;
  readonly webhookId: string;
  readonly tokenDigest: string;
}

/**
 * From now on deliveries of the event must carry this token. A webhook of the manifest is not replaced, and nothing is
 * written for an installation that is gone.
 */
export async function saveRegisteredWebhook(
  orm: MikroORM,
  { workspaceId, addonId }: InstallationRef,
  { event, webhookId, tokenDigest }: RegisteredWebhook,
): Promise<void> {
  await withWorkspace(orm, workspaceId, (em) =>
    query(
      em,
      `with own as (
         select workspace_id, addon_id from installations where workspace_id = $1 and addon_id = $2 for share
       )
       insert into webhook_registrations
         (workspace_id, addon_id, path, event, kind, token_digest, webhook_id, created_at)
       select workspace_id, addon_id, $3, $4, 'opaque', $5, $6, clock_timestamp() from own
       on conflict (workspace_id, addon_id, path)
       do update set token_digest = excluded.token_digest, webhook_id = excluded.webhook_id
       where webhook_registrations.kind = 'opaque'`,
      [workspaceId, addonId, buildWebhookPath(event), event, tokenDigest, webhookId],
    ),
  );
}

/** Longer than anybody works on webhooks at a time: a turn that nobody ends, because its process died, ends then. */
const longestTurn = '75 seconds';

/** Lets one at a time work on the webhooks of an installation. Throws `conflict` while somebody else does. */
export async function withWebhookTurn<T>(
  orm: MikroORM,
  { workspaceId, addonId }: InstallationRef,
  work: () => Promise<T>,
): Promise<T> {
  const own = 'workspace_id = $1 and addon_id = $2';
  const taken = await withWorkspace(orm, workspaceId, (em) =>
    query(
      em,
      `update installations set webhooks_busy_until = clock_timestamp() + interval '${longestTurn}'
       where ${own} and (webhooks_busy_until is null or webhooks_busy_until < clock_timestamp()) returning 1`,
      [workspaceId, addonId],
    ),
  );
  if (taken.length === 0) throw new AddonError('conflict', 'Somebody is changing these webhooks just now.');
  try {
    return await work();
  } finally {
    await withWorkspace(orm, workspaceId, (em) =>
      query(em, `update installations set webhooks_busy_until = null where ${own}`, [workspaceId, addonId]),
    );
  }
}
