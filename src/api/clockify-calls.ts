import type { Gateway, GatewayAnswer } from '../activities/clockify-gateway.ts';
import type { Secret } from '../platform/secret.ts';

export interface ClockifyRead {
  readonly workspaceId: string;
  readonly url: URL;
  readonly token: Secret;
}

/** Reads from Clockify within the budget of the workspace. */
export type ReadClockify = (read: ClockifyRead) => Promise<GatewayAnswer>;

/** Somebody looks at the screen: a slot further away is refused instead of waited for. */
const maxWaitMs = 3_000;

export const createClockifyReader =
  (gateway: Gateway, requestsPerSecond: number): ReadClockify =>
  ({ workspaceId, url, token }) =>
    gateway.call({
      method: 'GET',
      url,
      token: token.reveal(),
      workspaceId,
      lane: 'interactive',
      requestsPerSecond,
      maxWaitMs,
    });
