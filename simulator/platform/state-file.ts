import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import type { WorldOptions } from '../world/world.ts';
import type { SavedHooks } from '../webhooks/hook.ts';
import { createWorkspace, type WorkspaceDeps } from './open-workspace.ts';
import type { Installation, SettingValue, Workspaces } from './state.ts';

type SavedInstallation = Omit<Installation, 'settings'> & {
  readonly settings: readonly (readonly [string, SettingValue])[];
};

interface SavedWorkspace {
  readonly openedWith: Omit<WorldOptions, 'now'> & { readonly now: string };
  readonly installations: readonly SavedInstallation[];
  /** Absent in files of older versions. */
  readonly apiKeys?: readonly (readonly [string, string])[];
  readonly hooks?: SavedHooks;
}

/** What makes a simulator that starts again the same Clockify: its key, its worlds and who has installed what. */
export interface SavedState {
  readonly privateKeyPem: string;
  readonly workspaces: readonly SavedWorkspace[];
}

/** Undefined when there is no file yet. */
export function loadState(file: string): SavedState | undefined {
  if (!existsSync(file)) return undefined;
  return JSON.parse(readFileSync(file, 'utf8')) as SavedState;
}

/** Replaces the file; a kill in the middle leaves the old one. Changed rows, faults, limits and open deliveries are not kept. */
export function saveState(file: string, privateKeyPem: string, workspaces: Workspaces): void {
  const state: SavedState = {
    privateKeyPem,
    workspaces: [...workspaces.values()].map(({ openedWith, installations, apiKeys, webhooks }) => ({
      openedWith: { ...openedWith, now: openedWith.now.toISOString() },
      installations: installations.map((one) => ({ ...one, settings: [...one.settings] })),
      apiKeys: [...apiKeys],
      hooks: webhooks.hooks.save(),
    })),
  };
  writeFileSync(`${file}.new`, JSON.stringify(state), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** The workspaces of a saved state, with the rows they had when they were opened. */
export function restoreWorkspaces(state: SavedState | undefined, deps: WorkspaceDeps): Workspaces {
  const workspaces: Workspaces = new Map();
  for (const { openedWith, installations, apiKeys = [], hooks } of state?.workspaces ?? []) {
    const workspace = createWorkspace({ ...openedWith, now: new Date(openedWith.now) }, deps);
    workspace.installations.push(...installations.map((one) => ({ ...one, settings: new Map(one.settings) })));
    for (const [apiKey, userId] of apiKeys) workspace.apiKeys.set(apiKey, userId);
    if (hooks !== undefined) workspace.webhooks.hooks.restore(hooks);
    workspaces.set(workspace.world.workspaceId, workspace);
  }
  return workspaces;
}
