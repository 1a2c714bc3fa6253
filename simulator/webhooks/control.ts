import { getWorkspace } from '../platform/open-workspace.ts';
import type { FeedSettings, Workspaces } from '../platform/state.ts';
import { presentDelivery, type Delivery, type DeliveryLine } from './delivery.ts';
import type { FireOptions } from './fire.ts';
import type { Hook, HookSwitches, KnownHook } from './hook.ts';
import type { WebhookSettings } from './settings.ts';
import { summariseDeliveries, type DeliverySummary } from './summary.ts';
import type { TroubleOptions, TroubleStep } from './trouble.ts';

/** What a test may do to the webhooks of a workspace. Every function throws a sentence for a workspace nobody knows. */
export function createWebhookControl(workspaces: Workspaces) {
  const deskOf = (workspaceId: string) => getWorkspace(workspaces, workspaceId).webhooks;
  const desksOf = (workspaceId?: string) =>
    workspaceId === undefined ? [...workspaces.values()].map(({ webhooks }) => webhooks) : [deskOf(workspaceId)];
  const deliveriesOf = (workspaceId?: string) => desksOf(workspaceId).flatMap((desk) => desk.deliveries());

  return {
    /** Fires an event although nothing changed; answers the ids of its deliveries, none without a live webhook. */
    fireWebhook: (workspaceId: string, options: FireOptions): readonly string[] => deskOf(workspaceId).fire(options),
    /** Every webhook, declared or made through the API, with its token. */
    hooks: (workspaceId: string): readonly KnownHook[] => deskOf(workspaceId).hooks.list(),
    setHook: (workspaceId: string, hookId: string, switches: Partial<HookSwitches>): Hook =>
      deskOf(workspaceId).hooks.setSwitches(hookId, switches),
    setWebhooks: (workspaceId: string, settings: Partial<WebhookSettings>): WebhookSettings =>
      deskOf(workspaceId).change(settings),
    /** A schedule of troubles drawn from a number; answers its steps at once. */
    troubleWebhooks: (workspaceId: string, options: TroubleOptions): readonly TroubleStep[] =>
      deskOf(workspaceId).trouble(options),
    deliveries: (workspaceId?: string): readonly DeliveryLine[] => deliveriesOf(workspaceId).map(presentDelivery),
    /** One delivery with its body. */
    delivery(workspaceId: string, id: string): Delivery {
      const found = deskOf(workspaceId).findDelivery(id);
      if (found === undefined) throw new Error(`There is no delivery ${id}.`);
      return found;
    },
    deliverySummary: (workspaceId?: string): DeliverySummary => summariseDeliveries(deliveriesOf(workspaceId)),
    /** Resolves once every due delivery was acknowledged or given up; see the desk. */
    async settleDeliveries(workspaceId?: string, timeoutMs?: number): Promise<DeliverySummary> {
      await Promise.all(desksOf(workspaceId).map((desk) => desk.settle(timeoutMs)));
      return summariseDeliveries(deliveriesOf(workspaceId));
    },
    /** Forgets the deliveries that have ended. */
    resetDeliveries(workspaceId?: string): void {
      for (const desk of desksOf(workspaceId)) desk.reset();
    },
    setFeeds(workspaceId: string, feeds: Partial<FeedSettings>): FeedSettings {
      const workspace = getWorkspace(workspaces, workspaceId);
      workspace.feeds = { ...workspace.feeds, ...feeds };
      return workspace.feeds;
    },
  };
}

export type WebhookControl = ReturnType<typeof createWebhookControl>;
