import { storeSettings } from '../api/answers/addon.ts';
import type { World } from '../world/types.ts';
import { claimsOf, type TokenKind } from './claims.ts';
import { createInstallation, fetchManifest, installedBody, postLifecycle, type LifecycleResult } from './install.ts';
import { settingsOf, type LifecycleType } from './manifest.ts';
import { findMember, roleOf, rolesWith } from './members.ts';
import { mutateWorkspace, type Mutation } from './mutate.ts';
import { getWorkspace, openWorkspace, type WorkspaceDefaults } from './open-workspace.ts';
import { issueApiKey } from './api-keys.ts';
import type {
  ApiKey,
  ApiKeyOptions,
  InstallOptions,
  InstallResult,
  MintOptions,
  OpenOptions,
  UninstallOptions,
  UserToken,
} from './requests.ts';
import type { Installation, SettingValue, Workspace, Workspaces } from './state.ts';
import type { TokenSigner } from './tokens.ts';

interface ClockifyDeps {
  readonly workspaces: Workspaces;
  readonly signer: TokenSigner;
  readonly defaults: WorkspaceDefaults;
  readonly origin: () => string;
  readonly now: () => number;
  /** So many of the platform's seconds pass in a real one. */
  readonly speed: number;
  /** Called after each change of an installation, before the add-on is told. */
  readonly onChange: () => void;
}

/** What Clockify does by itself: installs add-ons, tells them about it, and issues their tokens. */
export function createClockify({ workspaces, signer, defaults, origin, now, speed, onChange }: ClockifyDeps) {
  const workspaceDeps = { now, speed, onChange };
  const nowS = () => Math.floor(now() / 1000);

  function subjectOf(world: World, addonKey: string, addonId: string, userId: string) {
    const { workspaceId, ownerId } = world;
    return { addonKey, addonId, workspaceId, ownerId, userId, workspaceRole: roleOf(world, userId) };
  }

  function mint(kind: TokenKind, { world }: Workspace, installation: Installation, options: MintOptions = {}): string {
    const { manifest, addonId } = installation;
    const subject = subjectOf(world, manifest.key, addonId, options.userId ?? world.ownerId);
    return signer.sign(claimsOf(kind, subject, origin(), nowS()), options);
  }

  function send(workspace: Workspace, installation: Installation, type: LifecycleType, body: object) {
    const token = mint('lifecycle', workspace, installation);
    const { addonId, workspaceId } = installation;
    return postLifecycle(installation.manifest, type, { addonId, workspaceId, ...body }, token);
  }

  return {
    async install(manifestUrl: string, options: InstallOptions = {}): Promise<InstallResult> {
      const workspace = openWorkspace(workspaces, options, defaults, workspaceDeps);
      const { world, installations } = workspace;
      const manifest = await fetchManifest(manifestUrl, world.plan, options.maxWebhooks);
      if (installations.some((one) => one.installed && one.manifest.key === manifest.key)) {
        throw new Error(`Add-on ${manifest.key} is already installed on workspace ${world.workspaceId}.`);
      }
      if (options.features !== undefined) setFeatures(workspace, options.features, now());
      const installation = createInstallation(
        manifest,
        world,
        options.scopes ?? manifest.scopes ?? [],
        (kind, addonId) =>
          signer.sign(claimsOf(kind, subjectOf(world, manifest.key, addonId, world.ownerId), origin(), nowS())),
      );
      installations.push(installation);
      onChange();
      const { changes } = options;
      const early = changeAll(workspace, changes?.before, now());
      await workspace.webhooks.attempted(early);
      const body = installedBody(installation, world.ownerId, origin());
      const told = options.deliver === false ? untold : send(workspace, installation, 'INSTALLED', body);
      changeAll(workspace, changes?.during, now());
      const result = await told;
      changeAll(workspace, changes?.after, now());
      const { workspaceId, addonId, addonUserId, token, webhooks } = installation;
      return {
        ...result,
        workspaceId,
        addonId,
        addonUserId,
        ownerId: world.ownerId,
        installationToken: token,
        webhooks,
      };
    },

    async uninstall(workspaceId: string, options: UninstallOptions = {}): Promise<LifecycleResult> {
      const [workspace, installation] = find(workspaces, workspaceId, options.addonId);
      if (options.forged !== true) installation.installed = false;
      onChange();
      if (options.deliver === false) return untold;
      return send(workspace, installation, 'DELETED', { asUser: workspace.world.ownerId });
    },

    setStatus(workspaceId: string, status: 'ACTIVE' | 'INACTIVE'): Promise<LifecycleResult> {
      const [workspace, installation] = find(workspaces, workspaceId);
      installation.status = status;
      onChange();
      return send(workspace, installation, 'STATUS_CHANGED', { status });
    },

    /** Stores the values and sends all settings, flat; unknown ids and wrong types throw. */
    changeSettings(
      workspaceId: string,
      changes: readonly { id: string; value: SettingValue }[],
    ): Promise<LifecycleResult> {
      const [workspace, installation] = find(workspaces, workspaceId);
      storeSettings(installation, changes);
      onChange();
      const settings = settingsOf(installation.manifest).map(({ id, name, value }) => ({
        id,
        name,
        value: installation.settings.get(id) ?? value,
      }));
      return send(workspace, installation, 'SETTINGS_UPDATED', { settings });
    },

    /** A viewer's token for a member named by id or chosen by role, and the page the viewer would see. */
    userToken(workspaceId: string, who: { readonly userId?: string; readonly role?: string } = {}): UserToken {
      const [workspace, installation] = find(workspaces, workspaceId);
      const userId = who.userId ?? findMember(workspace.world, who.role ?? 'OWNER');
      if (userId === undefined) throw new Error(`Nobody on ${workspaceId} has the role ${who.role ?? 'OWNER'}.`);
      const token = mint('user', workspace, installation, { userId });
      return { token, userId, sidebarUrl: sidebarUrl(installation, token) };
    },

    /** A token of any kind, faithful but for the overrides. */
    mintToken(kind: TokenKind, workspaceId: string, options: MintOptions = {}): string {
      const [workspace, installation] = find(workspaces, workspaceId, options.addonId);
      return mint(kind, workspace, installation, options);
    },

    /** A workspace without any add-on. */
    open(options: OpenOptions = {}): { workspaceId: string; ownerId: string } {
      const { workspaceId, ownerId } = openWorkspace(workspaces, options, defaults, workspaceDeps).world;
      onChange();
      return { workspaceId, ownerId };
    },

    /** A key with which a member calls the API as himself. */
    issueApiKey(workspaceId: string, options: ApiKeyOptions = {}): ApiKey {
      const issued = issueApiKey(getWorkspace(workspaces, workspaceId), options);
      onChange();
      return issued;
    },

    /** Promotes or demotes a member; `MEMBER` takes every role away. */
    setRole(workspaceId: string, userId: string, role: string): void {
      const workspace = getWorkspace(workspaces, workspaceId);
      const roles = rolesWith(workspace.world, role);
      mutateWorkspace(workspace, { entity: 'users', update: [{ key: userId, fields: { roles } }] }, now());
    },
  };
}

const untold: LifecycleResult = { status: null, ms: 0 };

/** Answers the ids of the deliveries that the changes cause. */
function changeAll(workspace: Workspace, mutations: readonly Mutation[] = [], nowMs: number): readonly string[] {
  const known = workspace.webhooks.deliveries().length;
  for (const mutation of mutations) mutateWorkspace(workspace, mutation, nowMs);
  return workspace.webhooks
    .deliveries()
    .slice(known)
    .map(({ id }) => id);
}

export type Clockify = ReturnType<typeof createClockify>;

function find(workspaces: Workspaces, workspaceId: string, addonId?: string): readonly [Workspace, Installation] {
  const workspace = getWorkspace(workspaces, workspaceId);
  const installation = workspace.installations.findLast((one) => addonId === undefined || one.addonId === addonId);
  if (installation === undefined) throw new Error(`Nothing is installed on workspace ${workspaceId}.`);
  return [workspace, installation];
}

function setFeatures({ world, ...rest }: Workspace, features: readonly string[], nowMs: number): void {
  const update = [{ key: world.workspaceId, fields: { features } }];
  mutateWorkspace({ world, ...rest }, { entity: 'workspace', update }, nowMs);
}

function sidebarUrl({ manifest }: Installation, token: string): string | null {
  const sidebar = manifest.components?.find((component) => component.type === 'sidebar');
  if (sidebar === undefined) return null;
  const url = new URL(manifest.baseUrl + sidebar.path);
  url.searchParams.set('auth_token', token);
  return url.href;
}
