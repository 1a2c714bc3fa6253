import { randomBytes } from 'node:crypto';
import type { ApiKey, ApiKeyOptions } from './requests.ts';
import type { Workspace, Workspaces } from './state.ts';

/** Gives a member a key of his own, or lets one that opens other workspaces open this one as well. */
export function issueApiKey({ world, apiKeys }: Workspace, options: ApiKeyOptions): ApiKey {
  const { userId = world.ownerId, apiKey = randomBytes(36).toString('base64') } = options;
  if (world.find('users', userId) === undefined) throw new Error(`${userId} is not on ${world.workspaceId}.`);
  apiKeys.set(apiKey, userId);
  return { apiKey, userId };
}

/** The workspaces that a key opens; none for a key that nobody has. */
export function findKeyedWorkspaces(workspaces: Workspaces, apiKey: string): readonly Workspace[] {
  return [...workspaces.values()].filter(({ apiKeys }) => apiKeys.has(apiKey));
}
