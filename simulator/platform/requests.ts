import type { ProfileName } from '../world/types.ts';
import type { LifecycleResult } from './install.ts';
import type { Mutation } from './mutate.ts';
import type { InstalledWebhook } from './state.ts';
import type { TokenOverrides } from './tokens.ts';

export interface InstallOptions {
  readonly profile?: ProfileName;
  readonly seed?: number;
  /** An existing workspace is reused, so that a reinstall meets the same data. */
  readonly workspaceId?: string;
  readonly plan?: string;
  /** Replaces the features of the plan. */
  readonly features?: readonly string[];
  /** Replaces the scopes the manifest asks for. */
  readonly scopes?: readonly string[];
  /** Most webhooks a manifest may declare; 20 without. */
  readonly maxWebhooks?: number;
  /** False loses the call: the add-on is installed and nobody is told. */
  readonly deliver?: boolean;
  /** What happens on the workspace meanwhile. */
  readonly changes?: InstallChanges;
}

/** Changes whose webhooks meet an add-on that was not told yet, is being told, or was told. */
interface InstallChanges {
  /** Their webhooks are attempted once before INSTALLED is sent. */
  readonly before?: readonly Mutation[];
  /** Made while INSTALLED is under way. */
  readonly during?: readonly Mutation[];
  /** Made as soon as INSTALLED is answered. */
  readonly after?: readonly Mutation[];
}

export interface InstallResult extends LifecycleResult {
  readonly workspaceId: string;
  readonly addonId: string;
  readonly addonUserId: string;
  readonly ownerId: string;
  readonly installationToken: string;
  readonly webhooks: readonly InstalledWebhook[];
}

export interface UninstallOptions {
  /** An earlier installation; the newest one without. */
  readonly addonId?: string;
  /** Announces a DELETED that never happened: the tokens live on. */
  readonly forged?: boolean;
  /** False loses the call: the tokens die and nobody is told. */
  readonly deliver?: boolean;
}

export interface UserToken {
  readonly token: string;
  readonly userId: string;
  /** Null when the manifest has no sidebar. */
  readonly sidebarUrl: string | null;
}

export interface OpenOptions {
  readonly profile?: ProfileName;
  readonly seed?: number;
  readonly plan?: string;
}

export interface ApiKeyOptions {
  /** The owner without. */
  readonly userId?: string;
  /** A key that opens other workspaces already; a new one without. */
  readonly apiKey?: string;
}

export interface ApiKey {
  readonly apiKey: string;
  readonly userId: string;
}

export interface MintOptions extends TokenOverrides {
  readonly addonId?: string;
  /** For user tokens; the owner without. */
  readonly userId?: string;
}
