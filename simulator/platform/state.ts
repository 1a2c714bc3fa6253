import type { ChangeLog } from './change-log.ts';
import type { FaultBoard } from '../faults/fault-board.ts';
import type { World } from '../world/types.ts';
import type { WorldOptions } from '../world/world.ts';
import type { WebhookDesk } from '../webhooks/desk.ts';
import type { Manifest } from './manifest.ts';
import type { RateLimits } from './rate-limits.ts';

export type SettingValue = string | number | boolean | readonly string[];

export interface InstalledWebhook {
  readonly event: string;
  readonly path: string;
  readonly authToken: string;
}

/** One add-on on one workspace; a reinstall makes another. */
export interface Installation {
  readonly addonId: string;
  readonly workspaceId: string;
  readonly addonUserId: string;
  readonly manifest: Manifest;
  readonly scopes: readonly string[];
  readonly token: string;
  readonly webhooks: readonly InstalledWebhook[];
  readonly settings: Map<string, SettingValue>;
  status: 'ACTIVE' | 'INACTIVE';
  /** False from the uninstall on: every token of this installation is dead. */
  installed: boolean;
}

/** How the feeds of changed entities answer; the platform's are experimental. */
export interface FeedSettings {
  /** `refused` is 401; `empty` knows of nothing. */
  readonly answer: 'faithful' | 'refused' | 'empty';
  /** Share of the changes, 0 to 1, that no feed ever shows; the same ones each time. */
  readonly loss: number;
  /** Deletions in an envelope, as documented, or as a bare list, as others saw them. */
  readonly deletions: 'wrapped' | 'bare';
}

export interface Workspace {
  readonly world: World;
  /** Draws the same world again. */
  readonly openedWith: WorldOptions;
  readonly installations: Installation[];
  /** Users by their own API keys. */
  readonly apiKeys: Map<string, string>;
  readonly faults: FaultBoard;
  readonly limits: RateLimits;
  readonly changes: ChangeLog;
  readonly webhooks: WebhookDesk;
  feeds: FeedSettings;
}

export type Workspaces = Map<string, Workspace>;
