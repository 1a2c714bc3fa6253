import type { Gateway, GatewayAnswer } from '../activities/clockify-gateway.ts';
import type { Credential } from '../clockify/client.ts';

export interface ClockifyRead {
  readonly workspaceId: string;
  readonly url: URL;
  readonly credential: Credential;
}

/** Reads from Clockify within the budget of the workspace. */
export type ReadClockify = (read: ClockifyRead) => Promise<GatewayAnswer>;

/** Somebody looks at the screen: a slot further away is refused instead of waited for. */
const maxWaitMs = 3_000;

export const createClockifyReader =
  (gateway: Gateway, requestsPerSecond: number): ReadClockify =>
  ({ workspaceId, url, credential }) =>
    gateway.call({
      method: 'GET',
      url,
      credential,
      workspaceId,
      lane: 'interactive',
      requestsPerSecond,
      maxWaitMs,
    });
