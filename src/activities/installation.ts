import type { MikroORM } from '@mikro-orm/postgresql';
import { buildUrl } from '../clockify/egress.ts';
import { activatePending, discardPending } from '../db/activation.ts';
import { getInstallation } from '../db/installations.ts';
import type { Installation } from '../db/installation.entity.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { AddonError } from '../domain/errors.ts';
import type { Gateway } from './clockify-gateway.ts';
import type { Access, InstallationAccess } from './installation-access.ts';

export interface InstallationDeps {
  readonly orm: MikroORM;
  readonly gateway: Gateway;
  readonly access: InstallationAccess;
  readonly requestsPerSecond: number;
  /** Whether a workspace that says nothing else is read when it installs the add-on. */
  readonly autoBootstrap: boolean;
  readonly timeEntryDays: number | null;
}

export interface Activation {
  /** Add-on ids of the installations it replaced. */
  readonly superseded: readonly string[];
  readonly isActive: boolean;
  readonly autoBootstrap: boolean;
  readonly timeEntryDays: number | null;
}

export function createInstallationActivities(deps: InstallationDeps) {
  return {
    /**
     * Makes an installation the active one of its workspace. A token that would replace another must first be
     * accepted by Clockify; one that is refused is thrown away and the other stays.
     */
    async activateInstallation(ref: InstallationRef): Promise<Activation> {
      const pending = await deps.access.openPending(ref);
      const superseded = pending === null ? [] : await settlePending(deps, ref, pending);
      const installation = await getInstallation(deps.orm, ref);
      return {
        superseded,
        isActive: installation.status === 'active',
        autoBootstrap: readAutoBootstrap(installation) ?? deps.autoBootstrap,
        timeEntryDays: deps.timeEntryDays,
      };
    },
  };
}

function readAutoBootstrap({ settings }: Installation): boolean | null {
  const value = settings['auto_bootstrap'];
  return typeof value === 'boolean' ? value : null;
}

async function settlePending(deps: InstallationDeps, ref: InstallationRef, pending: Access): Promise<string[]> {
  if (await isTokenAccepted(deps, ref, pending)) return activatePending(deps.orm, ref);
  await discardPending(deps.orm, ref);
  return [];
}

/** Only Clockify's own refusal of the token counts as a no; any other failure is thrown, and asked again later. */
async function isTokenAccepted(
  deps: InstallationDeps,
  ref: InstallationRef,
  { installation, token }: Access,
): Promise<boolean> {
  const base = installation.apiUrl.replace(/\/v1$/, '');
  try {
    await deps.gateway.call({
      method: 'GET',
      url: buildUrl(base, '/v1/workspaces/{workspaceId}', { workspaceId: ref.workspaceId }),
      token: token.reveal(),
      workspaceId: ref.workspaceId,
      requestsPerSecond: deps.requestsPerSecond,
      maxWaitMs: 10_000,
    });
    return true;
  } catch (error) {
    if (error instanceof AddonError && error.code === 'clockify_token_dead') return false;
    if (error instanceof AddonError && error.code === 'clockify_access_closed') return true;
    throw error;
  }
}
