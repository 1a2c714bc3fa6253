import type { InstallationRef } from './contract.ts';
import { buildWebhookPath, findEventOfPath, webhookEvents } from './webhook-events.ts';
import type { WebhookEvent } from './webhook-events.ts';

/** A webhook as Clockify lists it. */
export interface ListedHook {
  readonly id: string;
  readonly url: string;
  readonly event: string;
  /** Neither its owner nor Clockify has switched it off. */
  readonly isOn: boolean;
}

/** A webhook whose token we hold. */
export interface HeldWebhook {
  readonly event: WebhookEvent;
  readonly kind: 'manifest' | 'opaque';
  /** Of those that we made. */
  readonly webhookId: string | null;
}

interface PlannedHook {
  readonly event: WebhookEvent;
  readonly webhookId: string;
}

export interface KeptHook {
  readonly event: WebhookEvent;
  readonly kind: HeldWebhook['kind'];
  /** Null: one of the manifest that Clockify does not list. */
  readonly webhookId: string | null;
  readonly isOn: boolean;
}

/** What it takes to have one webhook for each event. */
export interface WebhookPlan {
  /** There already, and their deliveries are believed. */
  readonly keep: readonly KeptHook[];
  /** Ours, but we do not hold their tokens: each must get a new one. */
  readonly renew: readonly PlannedHook[];
  readonly add: readonly WebhookEvent[];
  /** Twins, and what an earlier installation of the workspace left. */
  readonly remove: readonly PlannedHook[];
}

/** Where the webhooks that we make deliver: a plain token does not say whose it is, so the address does. */
export function buildWebhookUrl(
  baseUrl: string,
  { workspaceId, addonId }: InstallationRef,
  event: WebhookEvent,
): string {
  const url = new URL(baseUrl.replace(/\/+$/, '') + buildWebhookPath(event));
  url.searchParams.set('workspaceId', workspaceId);
  url.searchParams.set('addonId', addonId);
  return url.href;
}

export interface PlanInput {
  readonly baseUrl: string;
  readonly ref: InstallationRef;
  readonly hooks: readonly ListedHook[];
  readonly held: readonly HeldWebhook[];
}

/** Compares what Clockify has with what we want. A webhook of the manifest is never replaced: Clockify may not list it. */
export function planWebhooks({ baseUrl, ref, hooks, held }: PlanInput): WebhookPlan {
  const own = hooks.filter((hook) => isOurs(hook, baseUrl));
  const byManifest = new Map(own.filter(({ url }) => ownerOf(url) === null).map((hook) => [hook.event, hook]));
  const made = own.filter(({ url }) => ownerOf(url) !== null);
  const plan = { keep: [], renew: [], add: [], remove: [] } as {
    [Part in keyof WebhookPlan]: WebhookPlan[Part][number][];
  };
  const wanted = new Set<string>();
  for (const event of webhookEvents) {
    const holding = held.find((one) => one.event === event);
    if (holding?.kind === 'manifest') {
      const listed = byManifest.get(event);
      plan.keep.push({ event, kind: 'manifest', webhookId: listed?.id ?? null, isOn: listed?.isOn ?? true });
      continue;
    }
    const here = made.filter(({ url }) => url === buildWebhookUrl(baseUrl, ref, event));
    const known = here.find(({ id }) => id === holding?.webhookId);
    const chosen = known ?? here[0];
    if (chosen === undefined) plan.add.push(event);
    else if (known === undefined) plan.renew.push({ event, webhookId: chosen.id });
    else plan.keep.push({ event, kind: 'opaque', webhookId: known.id, isOn: known.isOn });
    if (chosen !== undefined) wanted.add(chosen.id);
  }
  const unwanted = made.filter(({ id, url }) => !wanted.has(id) && ownerOf(url)?.workspaceId === ref.workspaceId);
  plan.remove.push(...unwanted.map(({ id, event }) => ({ event: event as WebhookEvent, webhookId: id })));
  return plan;
}

/** Whether it delivers to the route of its event in this deployment. */
function isOurs({ url, event }: ListedHook, baseUrl: string): boolean {
  if (!URL.canParse(url)) return false;
  const { origin, pathname } = new URL(url);
  const base = new URL(baseUrl);
  const path = pathname.replace(/\/{2,}/g, '/');
  const prefix = base.pathname.replace(/\/+$/, '');
  return (
    origin === base.origin &&
    path === prefix + buildWebhookPath(event as WebhookEvent) &&
    findEventOfPath(path) === event
  );
}

/** Null: a webhook of the manifest, whose token names its owner. */
function ownerOf(url: string): InstallationRef | null {
  const { searchParams } = new URL(url);
  const [workspaceId, addonId] = [searchParams.get('workspaceId'), searchParams.get('addonId')];
  return workspaceId === null || addonId === null ? null : { workspaceId, addonId };
}
