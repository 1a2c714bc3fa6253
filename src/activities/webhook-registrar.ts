import type { MikroORM } from '@mikro-orm/postgresql';
import { withWebhookTurn } from '../db/registered-webhooks.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { AddonError } from '../domain/errors.ts';
import type { WebhookPlan } from '../domain/webhook-plan.ts';
import type { Refusal } from '../domain/webhook-refusal.ts';
import type { InstallationAccess } from './installation-access.ts';
import { createWebhookFamily } from './webhook-family.ts';
import type { FamilyDeps } from './webhook-family.ts';
import { carryOut, plan, recordRefusal, rotateAll } from './webhook-work.ts';
import type { RegistrationOutcome, RotationOutcome, WebhookSession } from './webhook-work.ts';

export interface RegistrarDeps extends FamilyDeps {
  readonly orm: MikroORM;
  readonly access: InstallationAccess;
  readonly baseUrl: string;
  /** Without the permission to write nothing is registered. */
  readonly mayWrite: boolean;
  /** Before a second try of one request. */
  readonly firstPauseMs?: number;
}

/** What a registration would do. */
export interface WebhookPreview extends WebhookPlan {
  /** Why Clockify will not let us do it; null when nothing speaks against it. */
  readonly closedBecause: string | null;
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

/**
 * Sees to it that an installation has one webhook for each event of Clockify, as far as Clockify lets it. All of it
 * throws `not_found`, `installation_inactive` or `conflict` when there is no installation that could have webhooks, and
 * what changes them also `conflict` while somebody else does.
 */
export function createWebhookRegistrar(deps: RegistrarDeps) {
  const { mayWrite } = deps;
  return {
    /** What {@link register} would do. Throws `clockify_unavailable` when Clockify does not answer. */
    async preview(ref: InstallationRef, signal?: AbortSignal): Promise<WebhookPreview> {
      const { planned, refusal } = await plan(await open(deps, ref, signal));
      if (refusal?.state === 'failed') throw new AddonError('clockify_unavailable', refusal.reason);
      return { ...planned, closedBecause: refusal?.reason ?? (mayWrite ? null : noPermission.reason) };
    },

    /**
     * Lists first, makes what is missing, and records how each event stands; doing it again makes no twins. What
     * Clockify refuses is a finding, not an error.
     */
    async register(
      ref: InstallationRef,
      { removes = false, signal }: RegisterOptions = {},
    ): Promise<RegistrationOutcome> {
      const session = await open(deps, ref, signal);
      if (!mayWrite) return recordRefusal(session, noPermission);
      return withWebhookTurn(session.orm, session.ref, async () => {
        const { planned, refusal } = await plan(session);
        if (refusal !== null) return recordRefusal(session, refusal);
        return carryOut(session, removes ? planned : { ...planned, remove: [] });
      });
    },

    /** Gives every webhook that we made a new token; deliveries with the old ones are refused from then on. */
    async rotate(ref: InstallationRef, signal?: AbortSignal): Promise<RotationOutcome> {
      const session = await open(deps, ref, signal);
      return withWebhookTurn(session.orm, session.ref, () => rotateAll(session));
    },
  };
}

async function open(
  deps: RegistrarDeps,
  { workspaceId, addonId }: InstallationRef,
  given?: AbortSignal,
): Promise<WebhookSession> {
  const ref = { workspaceId, addonId };
  const access = await deps.access.open(ref);
  const { status, kind } = access.installation;
  if (status !== 'active') throw new AddonError('installation_inactive', 'The installation is not in use.');
  if (kind === 'personal') throw new AddonError('conflict', 'A copy by a personal API key has no webhooks.');
  const { orm, baseUrl, firstPauseMs } = deps;
  const signal = given ?? AbortSignal.timeout(longestMs);
  const family = createWebhookFamily(deps, access, { signal, ...(firstPauseMs !== undefined && { firstPauseMs }) });
  return { orm, baseUrl, ref, family, signal };
}
