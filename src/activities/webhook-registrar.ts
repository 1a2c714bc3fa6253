import type { MikroORM } from '@mikro-orm/postgresql';
import { loadCoverage, saveEventFindings } from '../db/coverage.ts';
import { listHeldWebhooks, saveRegisteredWebhook } from '../db/registered-webhooks.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { AddonError } from '../domain/errors.ts';
import type { WebhookEvent } from '../domain/webhook-events.ts';
import { buildWebhookUrl, planWebhooks } from '../domain/webhook-plan.ts';
import type { KeptHook, WebhookPlan } from '../domain/webhook-plan.ts';
import type { Refusal } from '../domain/webhook-refusal.ts';
import { hasWebhook } from '../domain/webhook-states.ts';
import type { EventFinding } from '../domain/webhook-states.ts';
import { digestToken } from '../platform/token-digest.ts';
import type { InstallationAccess } from './installation-access.ts';
import { createWebhookFamily } from './webhook-family.ts';
import type { CreatedHook, FamilyDeps, WebhookFamily } from './webhook-family.ts';
import { attempt, runJobs } from './webhook-jobs.ts';
import type { WebhookJob } from './webhook-jobs.ts';

export interface RegistrarDeps extends FamilyDeps {
  readonly orm: MikroORM;
  readonly access: InstallationAccess;
  readonly baseUrl: string;
  /** Without the permission to write nothing is registered. */
  readonly mayWrite: boolean;
  /** Before a second try of one request. */
  readonly firstPauseMs?: number;
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

/** What a registration would do. */
export interface WebhookPreview extends WebhookPlan {
  /** Why Clockify will not let us do it; null when nothing speaks against it. */
  readonly closedBecause: string | null;
}

interface Session {
  readonly ref: InstallationRef;
  readonly family: WebhookFamily;
  readonly signal: AbortSignal;
}

export interface RegisterOptions {
  /** Also takes away twins, and what an earlier installation of the workspace left. */
  readonly removes?: boolean;
  readonly signal?: AbortSignal;
}

export type WebhookRegistrar = ReturnType<typeof createWebhookRegistrar>;

const longestMs = 60_000;
const noPermission: Refusal = {
  state: 'not_accessible',
  reason: 'This deployment asks for no permission to write.',
  isFinal: true,
};

/** Sees to it that an installation has one webhook for each event of Clockify, as far as Clockify lets it. */
export function createWebhookRegistrar(deps: RegistrarDeps) {
  const { orm, baseUrl, mayWrite } = deps;

  async function open({ workspaceId, addonId }: InstallationRef, given?: AbortSignal): Promise<Session> {
    const ref = { workspaceId, addonId };
    const access = await deps.access.open(ref);
    const { status, kind } = access.installation;
    if (status !== 'active') throw new AddonError('installation_inactive', 'The installation is not in use.');
    if (kind === 'personal') throw new AddonError('conflict', 'A copy by a personal API key has no webhooks.');
    const signal = given ?? AbortSignal.timeout(longestMs);
    const { firstPauseMs } = deps;
    const family = createWebhookFamily(deps, access, { signal, ...(firstPauseMs !== undefined && { firstPauseMs }) });
    return { ref, family, signal };
  }

  /** Null with a refusal when Clockify does not tell what there is. */
  async function plan({ ref, family, signal }: Session): Promise<{ planned: WebhookPlan; refusal: Refusal | null }> {
    let hooks: Awaited<ReturnType<WebhookFamily['list']>> = [];
    const refusal = await attempt(signal, async () => void (hooks = await family.list()));
    return { planned: planWebhooks({ baseUrl, ref, hooks, held: await listHeldWebhooks(orm, ref) }), refusal };
  }

  const store = ({ ref }: Session, event: WebhookEvent, { id, authToken }: CreatedHook): Promise<void> =>
    saveRegisteredWebhook(orm, ref, { event, webhookId: id, tokenDigest: digestToken(authToken) });

  /** What was known before stays, for it may well go on. */
  async function recordRefusal({ ref }: Session, refusal: Refusal): Promise<RegistrationOutcome> {
    const { events } = await loadCoverage(orm, ref);
    const kept = events.filter(hasWebhook);
    const others = events.filter((line) => !hasWebhook(line) && (refusal.state !== 'failed' || line.state === null));
    await saveEventFindings(orm, ref, [...kept, ...others.map(({ event }) => toFinding(event, refusal))]);
    return { added: 0, kept: kept.length, renewed: 0, removed: 0, shortfall: refusal.reason };
  }

  async function carryOut(
    session: Session,
    { keep, renew, add, remove }: WebhookPlan,
    removes: boolean,
  ): Promise<RegistrationOutcome> {
    const { ref, family, signal } = session;
    const renewals = renew.map(({ event, webhookId }) => ({
      event,
      run: async () => store(session, event, await family.rotate(webhookId)),
    }));
    const additions = add.map((event) => ({
      event,
      run: async () => store(session, event, await family.create(event, buildWebhookUrl(baseUrl, ref, event))),
    }));
    const results = await runJobs(signal, [...renewals, ...additions]);
    const made = results.map(({ event, refusal }) => toFinding(event, refusal));
    await saveEventFindings(orm, ref, [...keep.map(describeKept), ...made]);
    const removals = removes
      ? remove.map(({ event, webhookId }) => ({ event, run: () => family.remove(webhookId) }))
      : [];
    const removed = await runJobs(signal, removals);
    const isDone = (event: WebhookEvent): boolean =>
      made.some((one) => one.event === event && one.state === 'registered');
    return {
      added: add.filter(isDone).length,
      kept: keep.length,
      renewed: renew.filter(({ event }) => isDone(event)).length,
      removed: removed.filter(({ refusal }) => refusal === null).length,
      shortfall: [...results, ...removed].find(({ refusal }) => refusal !== null)?.refusal?.reason ?? null,
    };
  }

  return {
    /** What {@link register} would do. Throws as it does, and `clockify_unavailable` when Clockify does not answer. */
    async preview(ref: InstallationRef, signal?: AbortSignal): Promise<WebhookPreview> {
      const { planned, refusal } = await plan(await open(ref, signal));
      if (refusal?.state === 'failed') throw new AddonError('clockify_unavailable', refusal.reason);
      return { ...planned, closedBecause: refusal?.reason ?? (mayWrite ? null : noPermission.reason) };
    },

    /**
     * Lists first, makes what is missing, and records how each event stands; doing it again makes no twins. What
     * Clockify refuses is a finding, not an error. Throws `not_found`, `installation_inactive` or `conflict` when there
     * is no installation that could have webhooks.
     */
    async register(
      ref: InstallationRef,
      { removes = false, signal }: RegisterOptions = {},
    ): Promise<RegistrationOutcome> {
      const session = await open(ref, signal);
      if (!mayWrite) return recordRefusal(session, noPermission);
      const { planned, refusal } = await plan(session);
      return refusal === null ? carryOut(session, planned, removes) : recordRefusal(session, refusal);
    },

    /** Gives every webhook that we made a new token; deliveries with the old ones are refused from then on. */
    async rotate(ref: InstallationRef, signal?: AbortSignal): Promise<RotationOutcome> {
      const session = await open(ref, signal);
      const held = await listHeldWebhooks(orm, session.ref);
      const jobs = held.flatMap(({ event, webhookId }): WebhookJob[] =>
        webhookId === null
          ? []
          : [{ event, run: async () => store(session, event, await session.family.rotate(webhookId)) }],
      );
      const results = await runJobs(session.signal, jobs);
      const refused = results.filter(({ refusal }) => refusal !== null);
      const shortfall = refused[0]?.refusal?.reason ?? null;
      return { replaced: jobs.length - refused.length, held: jobs.length, shortfall };
    },
  };
}

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
