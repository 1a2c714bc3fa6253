import type { MikroORM } from '@mikro-orm/postgresql';
import { saveEventFindings, saveFeedFindings } from '../../src/db/coverage.ts';
import { EarlyWebhook } from '../../src/db/early-webhook.entity.ts';
import { withWorkspace } from '../../src/db/orm.ts';
import { lookAtFreshness, saveDeltaMark } from '../../src/db/refresh.ts';
import { WebhookEvent } from '../../src/db/webhook-event.entity.ts';
import type { InstallationRef } from '../../src/domain/contract.ts';

/** One delivery that was stored for the installation, one that came too early, and how an event and a feed stand. */
export async function addWebhookRows(orm: MikroORM, { workspaceId, addonId }: InstallationRef): Promise<void> {
  const now = new Date();
  const body = { id: 'tag-1', workspaceId };
  const delivery = {
    workspaceId,
    addonId,
    event: 'NEW_TAG',
    bodyHash: Buffer.alloc(32, 1),
    raw: Buffer.from(JSON.stringify(body)),
    body,
    headers: { 'content-type': 'application/json' },
    state: 'received',
    receivedAt: now,
    lastReceivedAt: now,
  } as const;
  await withWorkspace(orm, workspaceId, async (em) => {
    await em.insert(WebhookEvent, { ...delivery, windowStart: now, dueAt: now });
    await em.insert(EarlyWebhook, { ...delivery, path: '/webhooks/clockify/NEW_TAG', tokenDigest: 'hook' });
  });
  await saveEventFindings(orm, { workspaceId, addonId }, [{ event: 'NEW_TAG', state: 'adopted', reason: null }]);
  await lookAtFreshness(orm, { workspaceId, addonId }, null);
  await saveDeltaMark(orm, { workspaceId, addonId }, { entity: 'tags', until: now.getTime(), missed: 0 });
  await saveFeedFindings(orm, { workspaceId, addonId }, [{ feed: 'created', state: 'works', reason: null }]);
}
