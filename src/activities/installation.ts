import { log } from '@temporalio/activity';
import type { MikroORM } from '@mikro-orm/postgresql';
import { activatePending, discardPending, hasRun, saveSettings } from '../db/activation.ts';
import type { ProvenToken } from '../db/activation.ts';
import { getInstallation } from '../db/installations.ts';
import type { InstallationRef } from '../domain/contract.ts';
import { AddonError } from '../domain/errors.ts';
import { parseSettings } from '../domain/manifest-setting-values.ts';
import type { SettingValue } from '../domain/manifest-settings.ts';
import type { Manifest } from '../domain/manifest.ts';
import type { Gateway, GatewayAnswer } from './clockify-gateway.ts';
import type { Access, InstallationAccess } from './installation-access.ts';
import { probeToken } from './token-probe.ts';
import { buildSettingsUrl, listCurrentSettings } from './workspace-settings.ts';

export interface InstallationDeps {
  readonly orm: MikroORM;
  readonly gateway: Gateway;
  readonly access: InstallationAccess;
  readonly requestsPerSecond: number;
  readonly manifest: Manifest;
  /** Whether a workspace is read when it installs the add-on; its own setting can only switch it off. */
  readonly autoBootstrap: boolean;
  readonly timeEntryDays: number | null;
}

export interface Activation {
  readonly isActive: boolean;
  /** Add-on ids of the installations it replaced. */
  readonly superseded: readonly string[];
}

/** What follows an install, by the deployment's and the workspace's own settings. */
export interface InstallChoices {
  readonly autoBootstrap: boolean;
  readonly timeEntryDays: number | null;
}

export function createInstallationActivities(deps: InstallationDeps) {
  return {
    /**
     * Makes an installation the active one of its workspace. A token that would replace another must first be
     * accepted by Clockify; one that is refused is thrown away and the other stays.
     */
    async activateInstallation({ requestId, ...ref }: InstallationRef & { requestId: string }): Promise<Activation> {
      const superseded = await settlePending(deps, ref, requestId);
      const { status } = await getInstallation(deps.orm, ref);
      return { superseded, isActive: status === 'active' };
    },

    /**
     * Takes over the workspace's settings as they stand in Clockify, for INSTALLED does not bring them. What Clockify
     * does not answer stays as it is.
     */
    async adoptSettings(ref: InstallationRef): Promise<InstallChoices> {
      try {
        await saveSettings(deps.orm, ref, await readSettings(deps, ref));
      } catch (error) {
        if (!(error instanceof AddonError)) throw error;
        log.warn('settings could not be read', { code: error.code });
      }
      const { settings } = await getInstallation(deps.orm, ref);
      const mayStart = deps.autoBootstrap && settings['auto_bootstrap'] !== false;
      const autoBootstrap = mayStart && !(await hasRun(deps.orm, ref));
      return { autoBootstrap, timeEntryDays: deps.timeEntryDays };
    },
  };
}

async function readSettings(deps: InstallationDeps, ref: InstallationRef): Promise<Record<string, SettingValue>> {
  const access = await deps.access.open(ref);
  const { body } = await callNow(deps, access, buildSettingsUrl(access.installation.apiUrl, ref.workspaceId));
  return parseSettings(deps.manifest, listCurrentSettings(body)).values;
}

function callNow(deps: InstallationDeps, { installation, credential }: Access, url: URL): Promise<GatewayAnswer> {
  const { workspaceId } = installation;
  const { requestsPerSecond } = deps;
  return deps.gateway.call({
    method: 'GET',
    url,
    credential,
    workspaceId,
    lane: 'interactive',
    requestsPerSecond,
    maxWaitMs: 10_000,
  });
}

/** Until no further token has come meanwhile. Returns the add-on ids of the installations that were replaced. */
async function settlePending(deps: InstallationDeps, ref: InstallationRef, requestId: string): Promise<string[]> {
  const superseded: string[] = [];
  for (let settled: string | null = null; ;) {
    const pending = await deps.access.openPending(ref);
    const digest: string | null = pending?.installation.pendingTokenDigest ?? settled;
    if (pending === null || digest === settled) return superseded;
    superseded.push(...(await settle(deps, pending, { digest: digest ?? '', requestId })));
    settled = digest;
  }
}

/** Only Clockify's own refusal of the token counts as a no; any other failure is thrown, and asked again later. */
async function settle(deps: InstallationDeps, pending: Access, proven: ProvenToken): Promise<string[]> {
  if ((await probeToken(deps, pending)) !== 'refused') return activatePending(deps.orm, pending.installation, proven);
  await discardPending(deps.orm, pending.installation, proven);
  return [];
}
