import { setTimeout as sleep } from 'node:timers/promises';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { ClockifyAnswer, ClockifyClient } from '../clockify/client.ts';
import { recordRefusal, takeSlot } from '../db/rate-limit.ts';
import { AddonError } from '../domain/errors.ts';
import type { Secret } from '../platform/secret.ts';

export interface ClockifyCallsDeps {
  readonly orm: MikroORM;
  readonly client: ClockifyClient;
  readonly requestsPerSecond: number;
  readonly hourlyLimit: number | null;
}

export interface ClockifyRead {
  readonly workspaceId: string;
  readonly url: URL;
  readonly token: Secret;
}

/** Reads from Clockify within the budget of the workspace. */
export type ReadClockify = (read: ClockifyRead) => Promise<ClockifyAnswer>;

/** Somebody looks at the screen: a slot further away is refused instead of waited for. */
const maxWaitMs = 3_000;

export function createClockifyReader({ orm, client, ...limits }: ClockifyCallsDeps): ReadClockify {
  return async function readClockify({ workspaceId, url, token }) {
    const slot = await takeSlot(orm, { workspaceId, ...limits, maxWaitMs });
    if (!slot.granted) throw new AddonError('clockify_rate_limited', 'The budget of the workspace is used up for now.');
    await sleep(slot.waitMs);
    try {
      return await client.call({ method: 'GET', url, token: token.reveal() });
    } catch (error) {
      if (error instanceof AddonError && error.code === 'clockify_rate_limited') {
        const { retryAfterMs } = error.details;
        const pause = typeof retryAfterMs === 'number' ? retryAfterMs : null;
        await recordRefusal(orm, { workspaceId, slotAt: slot.slotAt, retryAfterMs: pause });
      }
      throw error;
    }
  };
}
