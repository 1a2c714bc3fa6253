import { createFaultBoard } from '../faults/fault-board.ts';
import type { ProfileName } from '../world/types.ts';
import { createWorld } from '../world/world.ts';
import type { WorldOptions } from '../world/world.ts';
import { createWebhookDesk } from '../webhooks/desk.ts';
import { createChangeLog } from './change-log.ts';
import { createRateLimits } from './rate-limits.ts';
import type { InstallOptions } from './requests.ts';
import type { Installation, Workspace, Workspaces } from './state.ts';

export interface WorkspaceDefaults {
  readonly profile: ProfileName;
  readonly seed: number;
}

/** What every workspace shares. */
export interface WorkspaceDeps {
  readonly now: () => number;
  /** So many of the platform's seconds pass in a real one. */
  readonly speed: number;
  /** Called after each change that outlives a restart. */
  readonly onChange: () => void;
}

/** The workspace an install asks for: an existing one by id, or a new world under the id its number gives. */
export function openWorkspace(
  workspaces: Workspaces,
  options: InstallOptions,
  defaults: WorkspaceDefaults,
  deps: WorkspaceDeps,
): Workspace {
  const { profile, seed, workspaceId, plan } = { ...defaults, ...options };
  const known = workspaces.get(workspaceId ?? '');
  if (known !== undefined) return known;
  const openedWith: WorldOptions = {
    profile,
    seed,
    now: new Date(deps.now()),
    ...(workspaceId !== undefined && { workspaceId }),
    ...(plan !== undefined && { plan }),
  };
  const workspace = createWorkspace(openedWith, deps);
  const existing = workspaces.get(workspace.world.workspaceId);
  if (existing !== undefined) return existing;
  workspaces.set(workspace.world.workspaceId, workspace);
  return workspace;
}

/** A workspace nothing is installed on, with the limits of its plan and no faults. */
export function createWorkspace(openedWith: WorldOptions, deps: WorkspaceDeps): Workspace {
  const world = createWorld(openedWith);
  const installations: Installation[] = [];
  return {
    world,
    openedWith,
    installations,
    apiKeys: new Map(),
    faults: createFaultBoard(deps.now),
    limits: createRateLimits(world.plan),
    changes: createChangeLog(),
    webhooks: createWebhookDesk({ world, installations, ...deps }),
    feeds: { answer: 'faithful', loss: 0, deletions: 'wrapped' },
  };
}

/** Throws a sentence when there is no such workspace. */
export function getWorkspace(workspaces: Workspaces, workspaceId: string): Workspace {
  const workspace = workspaces.get(workspaceId);
  if (workspace === undefined) throw new Error(`There is no workspace ${workspaceId}.`);
  return workspace;
}
