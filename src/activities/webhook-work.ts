import type { MikroORM } from '@mikro-orm/postgresql';
import { loadCoverage, saveEventFindings } from '../db/coverage.ts';
import { listHeldWebhooks, saveRegisteredWebhook } from '../db/registered-webhooks.ts';
import type { InstallationRef } from '../domain/contract.ts';
import type { WebhookEvent } from '../domain/webhook-events.ts';
import { buildWebhookUrl, planWebhooks } from '../domain/webhook-plan.ts';
import type { KeptHook, ListedHook, WebhookPlan } from '../domain/webhook-plan.ts';
import type { Refusal } from '../domain/webhook-refusal.ts';
import { hasWebhook } from '../domain/webhook-states.ts';
import type { EventFinding } from '../domain/webhook-states.ts';
import { digestToken } from '../platform/token-digest.ts';
import type { CreatedHook, WebhookFamily } from './webhook-family.ts';
import { attempt, runJobs } from './webhook-jobs.ts';
import type { WebhookJob } from './webhook-jobs.ts';

/** Work on the webhooks of one installation. */
export interface WebhookSession {
  readonly orm: MikroORM;
  readonly baseUrl: string;
  readonly ref: InstallationRef;
  readonly family: WebhookFamily;
  readonly signal: AbortSignal;
}

/** What a registration did, in numbers of webhooks. */
export interface RegistrationOutcome {
  readonly added: number;
  readonly kept: number;
  /** Ours, but their tokens were not known: they have new ones. */
  readonly renewed: number;
  readonly removed: number;
  /** Why not all was done that should be; null when it was. */
  readonly shortfall: string | null;
}

export interface RotationOutcome {
  readonly replaced: number;
  readonly held: number;
  readonly shortfall: string | null;
}

/** The plan by what Clockify lists; with a refusal, by an empty list. */
export async function plan({
  orm,
  baseUrl,
  ref,
  family,
  signal,
}: WebhookSession): Promise<{ planned: WebhookPlan; refusal: Refusal | null }> {
  let hooks: readonly ListedHook[] = [];
  const refusal = await attempt(signal, async () => void (hooks = await family.list()));
  return { planned: planWebhooks({ baseUrl, ref, hooks, held: await listHeldWebhooks(orm, ref) }), refusal };
}

/** Records why nothing could be registered. What was known to arrive stays so, for it may well go on. */
export async function recordRefusal(
  { orm, ref }: Pick<WebhookSession, 'orm' | 'ref'>,
  refusal: Refusal,
): Promise<RegistrationOutcome> {
  const { events } = await loadCoverage(orm, ref);
  const kept = events.filter(hasWebhook);
  const others = events.filter((line) => !hasWebhook(line) && (refusal.state !== 'failed' || line.state === null));
  await saveEventFindings(orm, ref, [...kept, ...others.map(({ event }) => toFinding(event, refusal))]);
  return { added: 0, kept: kept.length, renewed: 0, removed: 0, shortfall: refusal.reason };
}

/** Removes first, for what is left over counts towards the cap; then renews and makes, and records how each event stands. */
export async function carryOut(session: WebhookSession, planned: WebhookPlan): Promise<RegistrationOutcome> {
  const { orm, baseUrl, ref, family, signal } = session;
  const { keep, renew, add, remove } = planned;
  const removed = await runJobs(
    signal,
    remove.map(({ event, webhookId }) => ({ event, run: () => family.remove(webhookId) })),
  );
  const additions = add.map((event) => ({
    event,
    run: async () => store(session, event, await family.create(event, buildWebhookUrl(baseUrl, ref, event))),
  }));
  const made = await runJobs(signal, [...renew.map((hook) => renewal(session, hook)), ...additions]);
  await saveEventFindings(orm, ref, [
    ...keep.map(describeKept),
    ...made.map(({ event, refusal }) => toFinding(event, refusal)),
  ]);
  const done = new Set(made.filter(({ refusal }) => refusal === null).map(({ event }) => event));
  return {
    added: add.filter((event) => done.has(event)).length,
    kept: keep.length,
    renewed: renew.filter(({ event }) => done.has(event)).length,
    removed: removed.filter(({ refusal }) => refusal === null).length,
    shortfall: [...made, ...removed].find(({ refusal }) => refusal !== null)?.refusal?.reason ?? null,
  };
}

/** Gives every webhook that we made a new token. */
export async function rotateAll(session: WebhookSession): Promise<RotationOutcome> {
  const held = await listHeldWebhooks(session.orm, session.ref);
  const ours = held.flatMap(({ event, webhookId }) => (webhookId === null ? [] : [{ event, webhookId }]));
  const results = await runJobs(
    session.signal,
    ours.map((hook) => renewal(session, hook)),
  );
  const refused = results.filter(({ refusal }) => refusal !== null);
  const shortfall = refused[0]?.refusal?.reason ?? null;
  return { replaced: ours.length - refused.length, held: ours.length, shortfall };
}

const renewal = (
  session: WebhookSession,
  { event, webhookId }: { readonly event: WebhookEvent; readonly webhookId: string },
): WebhookJob => ({ event, run: async () => store(session, event, await session.family.rotate(webhookId)) });

const store = ({ orm, ref }: WebhookSession, event: WebhookEvent, { id, authToken }: CreatedHook): Promise<void> =>
  saveRegisteredWebhook(orm, ref, { event, webhookId: id, tokenDigest: digestToken(authToken) });

const toFinding = (event: WebhookEvent, refusal: Refusal | null): EventFinding => ({
  event,
  state: refusal?.state ?? 'registered',
  reason: refusal?.reason ?? null,
});

/** How an event stands whose webhook is there. */
export const describeKept = ({ event, kind, isOn }: KeptHook): EventFinding =>
  isOn
    ? { event, state: kind === 'manifest' ? 'adopted' : 'registered', reason: null }
    : { event, state: 'disabled', reason: 'The webhook is switched off in Clockify.' };
