import { buildUrl } from '../clockify/egress.ts';
import { AddonError } from '../domain/errors.ts';
import type { ProbeAnswer } from '../domain/removal.ts';
import type { Gateway } from './clockify-gateway.ts';
import type { Access } from './installation-access.ts';

export interface TokenProbeDeps {
  readonly gateway: Gateway;
  readonly requestsPerSecond: number;
}

const longestWaitMs = 10_000;

/** Asks Clockify for the workspace itself, to learn whether the token lives. Throws what says neither yes nor no. */
export async function probeToken(
  { gateway, requestsPerSecond }: TokenProbeDeps,
  { installation, credential }: Access,
): Promise<Exclude<ProbeAnswer, 'silent'>> {
  const { apiUrl, workspaceId } = installation;
  const url = buildUrl(apiUrl, '/workspaces/{workspaceId}', { workspaceId });
  try {
    await gateway.call({
      method: 'GET',
      url,
      credential,
      workspaceId,
      lane: 'interactive',
      requestsPerSecond,
      maxWaitMs: longestWaitMs,
    });
    return 'accepted';
  } catch (error) {
    if (error instanceof AddonError && error.code === 'clockify_token_dead') return 'refused';
    if (error instanceof AddonError && error.code === 'clockify_access_closed') return 'closed';
    throw error;
  }
}
