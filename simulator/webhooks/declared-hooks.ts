import { createHash } from 'node:crypto';
import type { InstalledWebhook, Installation } from '../platform/state.ts';
import { allOn, type HookSwitches, type KnownHook } from './hook.ts';

const ids = new WeakMap<InstalledWebhook, string>();

/** Webhooks of a manifest have no id of their own: it is drawn from the token, which differs in each installation. */
function idOf(webhook: InstalledWebhook): string {
  const known = ids.get(webhook) ?? createHash('sha256').update(webhook.authToken).digest('hex').slice(0, 24);
  ids.set(webhook, known);
  return known;
}

/** What the manifest of an installation declares, those of one event where it is named. */
export function declaredHooks(
  { addonId, addonUserId, workspaceId, manifest, webhooks }: Installation,
  switches: ReadonlyMap<string, HookSwitches>,
  event?: string,
): readonly KnownHook[] {
  return webhooks
    .filter((webhook) => event === undefined || webhook.event === event)
    .map((webhook) => {
      const id = idOf(webhook);
      const hook = {
        id,
        name: webhook.event,
        url: manifest.baseUrl + webhook.path,
        webhookEvent: webhook.event,
        triggerSource: [workspaceId],
        triggerSourceType: 'WORKSPACE_ID',
        userId: addonUserId,
        workspaceId,
        ...(switches.get(id) ?? allOn),
        authToken: webhook.authToken,
      };
      return { hook, addonId, isDeclared: true };
    });
}
