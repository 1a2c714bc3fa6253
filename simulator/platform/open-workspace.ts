import { createFaultBoard } from '../faults/fault-board.ts';
import type { ProfileName } from '../world/types.ts';
import { createWorld } from '../world/world.ts';
import type { WorldOptions } from '../world/world.ts';
import { createChangeLog } from './change-log.ts';
import { createRateLimits } from './rate-limits.ts';
import type { InstallOptions } from './requests.ts';
import type { Workspace, Workspaces } from './state.ts';

export interface WorkspaceDefaults {
  readonly profile: ProfileName;
  readonly seed: number;
}

/** The workspace an install asks for: an existing one by id, or a new world under the id its number gives. */
export function openWorkspace(
  workspaces: Workspaces,
  options: InstallOptions,
  defaults: WorkspaceDefaults,
  now: () => number,
): Workspace {
  const { profile, seed, workspaceId, plan } = { ...defaults, ...options };
  const known = workspaces.get(workspaceId ?? '');
  if (known !== undefined) return known;
  const openedWith: WorldOptions = {
    profile,
    seed,
    now: new Date(now()),
    ...(workspaceId !== undefined && { workspaceId }),
    ...(plan !== undefined && { plan }),
  };
  const workspace = createWorkspace(openedWith, now);
  const existing = workspaces.get(workspace.world.workspaceId);
  if (existing !== undefined) return existing;
  workspaces.set(workspace.world.workspaceId, workspace);
  return workspace;
}

/** A workspace nothing is installed on, with the limits of its plan and no faults. */
export function createWorkspace(openedWith: WorldOptions, now: () => number): Workspace {
  const world = createWorld(openedWith);
  return {
    world,
    openedWith,
    installations: [],
    apiKeys: new Map(),
    faults: createFaultBoard(now),
    limits: createRateLimits(world.plan),
    changes: createChangeLog(),
  };
}

/** Throws a sentence when there is no such workspace. */
export function getWorkspace(workspaces: Workspaces, workspaceId: string): Workspace {
  const workspace = workspaces.get(workspaceId);
  if (workspace === undefined) throw new Error(`There is no workspace ${workspaceId}.`);
  return workspace;
}
