import { setTimeout as sleep } from 'node:timers/promises';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { ClockifyAnswer, ClockifyClient, ClockifyRequest } from '../clockify/client.ts';
import { recordRecovery, recordRefusal, takeSlot } from '../db/rate-limit.ts';
import type { Slot } from '../db/rate-limit.ts';
import { AddonError } from '../domain/errors.ts';

export interface GatewayCall extends ClockifyRequest {
  readonly workspaceId: string;
  readonly requestsPerSecond: number;
  /** A slot further away than this is not waited for: `clockify_rate_limited` is thrown with `retryAfterMs`. */
  readonly maxWaitMs: number;
}

export interface GatewayAnswer extends ClockifyAnswer {
  /** Database time at which the request was allowed to leave. */
  readonly observedAt: string;
}

export interface GatewayOptions {
  readonly orm: MikroORM;
  readonly client: ClockifyClient;
  readonly hourlyLimit: number | null;
  readonly onWait?: (seconds: number) => void;
  readonly onRefusal?: () => void;
}

const reportAfterMs = 100;

/**
 * Every call to Clockify goes through here: it waits for the workspace's budget and tells it about the answers.
 * Slots are given in the order of asking. Bulk work has at most one call for each page loop in that line, so somebody
 * at the screen waits behind eight slots at the most.
 */
export function createGateway({ orm, client, hourlyLimit, onWait, onRefusal }: GatewayOptions) {
  const answered = new Map<string, string[]>();

  async function waitForSlot(call: GatewayCall): Promise<Slot> {
    const reported = answered.get(call.workspaceId) ?? [];
    answered.delete(call.workspaceId);
    const slot = await takeSlot(orm, { ...call, hourlyLimit, answered: reported });
    if (!slot.granted) {
      throw new AddonError('clockify_rate_limited', 'The budget of the workspace is used up for now.', {
        retryAfterMs: Math.ceil(slot.waitMs),
      });
    }
    onWait?.(slot.waitMs / 1000);
    if (slot.waitMs >= 1) await sleep(slot.waitMs, undefined, { signal: call.signal });
    return slot;
  }

  /** Reported with the next slot that this process takes for the workspace, or on its own when none follows soon. */
  function noteAnswer({ workspaceId, requestsPerSecond }: GatewayCall, { number }: Slot): void {
    const noted = answered.get(workspaceId) ?? [];
    answered.set(workspaceId, [...noted, number]);
    if (noted.length === 0) setTimeout(() => void report(workspaceId, requestsPerSecond), reportAfterMs).unref();
  }

  /** A report that fails costs a moment of waiting later, nothing else. */
  async function report(workspaceId: string, requestsPerSecond: number): Promise<void> {
    const noted = answered.get(workspaceId);
    if (noted === undefined) return;
    answered.delete(workspaceId);
    const takesNone = { maxWaitMs: -1 };
    await takeSlot(orm, { workspaceId, requestsPerSecond, hourlyLimit, answered: noted, ...takesNone }).catch(
      () => null,
    );
  }

  return {
    async call(call: GatewayCall): Promise<GatewayAnswer> {
      const slot = await waitForSlot(call);
      try {
        const answer = await client.call(call).finally(() => noteAnswer(call, slot));
        if (slot.refusals > 0) await recordRecovery(orm, call.workspaceId);
        return { ...answer, observedAt: slot.slotAt };
      } catch (error) {
        if (error instanceof AddonError && error.code === 'clockify_rate_limited') {
          onRefusal?.();
          const { retryAfterMs } = error.details;
          await recordRefusal(orm, {
            workspaceId: call.workspaceId,
            slotAt: slot.slotAt,
            retryAfterMs: typeof retryAfterMs === 'number' ? retryAfterMs : null,
          });
        }
        throw error;
      }
    },
  };
}

export type Gateway = ReturnType<typeof createGateway>;
