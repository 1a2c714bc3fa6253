import { setTimeout as sleep } from 'node:timers/promises';
import type { MikroORM } from '@mikro-orm/postgresql';
import type { ClockifyAnswer, ClockifyClient, ClockifyRequest } from '../clockify/client.ts';
import { recordRecovery, recordRefusal, takeSlot } from '../db/rate-limit.ts';
import type { Lane, Slot, SlotRequest } from '../db/rate-limit.ts';
import { AddonError } from '../domain/errors.ts';

export interface GatewayCall extends ClockifyRequest {
  readonly workspaceId: string;
  /** Whose line it waits in: `interactive` when somebody waits for the answer. */
  readonly lane: Lane;
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
  /** Told what is left each time somebody asks for a slot. */
  readonly onSlot?: (workspaceId: string, slot: Slot) => void;
  readonly onWait?: (seconds: number) => void;
  readonly onRefusal?: () => void;
}

const reportAfterMs = 100;

/** The budget counts on requests that leave at most so long after their slots. */
const mostLateMs = 1_000;

/**
 * Every call to Clockify goes through here: it waits for the workspace's budget and tells it about the answers. Calls
 * that somebody waits for pass the line of the page loops.
 */
export function createGateway({ orm, client, hourlyLimit, onSlot, onWait, onRefusal }: GatewayOptions) {
  const answered = new Map<string, string[]>();
  const closing = new AbortController();
  const reports = new Set<Promise<void>>();

  /** Takes a slot and tells which calls were answered since; what could not be told is told with the next one. */
  async function exchange(workspaceId: string, request: Pick<SlotRequest, 'lane' | 'requestsPerSecond' | 'maxWaitMs'>) {
    const reported = answered.get(workspaceId) ?? [];
    answered.delete(workspaceId);
    try {
      const slot = await takeSlot(orm, { ...request, workspaceId, hourlyLimit, answered: reported });
      onSlot?.(workspaceId, slot);
      return slot;
    } catch (error) {
      answered.set(workspaceId, [...reported, ...(answered.get(workspaceId) ?? [])]);
      throw error;
    }
  }

  async function waitForSlot(call: GatewayCall): Promise<Slot> {
    const slot = await exchange(call.workspaceId, call);
    const { granted, waitMs } = slot;
    if (!granted && waitMs > call.maxWaitMs) {
      throw new AddonError('clockify_rate_limited', 'The budget of the workspace is used up for now.', {
        retryAfterMs: Math.ceil(waitMs),
      });
    }
    onWait?.(waitMs / 1000);
    if (!granted) {
      await sleep(waitMs, undefined, { signal: call.signal });
      return waitForSlot({ ...call, maxWaitMs: call.maxWaitMs - waitMs });
    }
    let isInTime = false;
    try {
      isInTime = await reach(slot, call.signal);
    } finally {
      if (!isInTime) noteAnswer(call, slot);
    }
    return isInTime ? slot : waitForSlot(call);
  }

  /** Reported with the next slot that this process takes for the workspace, or on its own when none follows soon. */
  function noteAnswer({ workspaceId, requestsPerSecond }: GatewayCall, { number }: Slot): void {
    const noted = answered.get(workspaceId) ?? [];
    answered.set(workspaceId, [...noted, number]);
    if (noted.length > 0) return;
    const told = report(workspaceId, requestsPerSecond).finally(() => reports.delete(told));
    reports.add(told);
  }

  /** A report that fails is made with the next slot. */
  async function report(workspaceId: string, requestsPerSecond: number): Promise<void> {
    await sleep(reportAfterMs, undefined, { signal: closing.signal, ref: false }).catch(() => null);
    if (!answered.has(workspaceId)) return;
    const takesNone = { lane: 'interactive', maxWaitMs: -1 } as const;
    await exchange(workspaceId, { requestsPerSecond, ...takesNone }).catch(() => null);
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
        throw withTime(error, slot);
      }
    },

    /** Reports at once what is left to report. Call it before the database is closed: its pool waits for ever for a connection that opens meanwhile. */
    async close(): Promise<void> {
      closing.abort();
      await Promise.all(reports);
    },
  };
}

/** That something is gone is an observation too, and as old as its request. */
const withTime = (error: unknown, { slotAt: observedAt }: Slot): unknown =>
  error instanceof AddonError ? new AddonError(error.code, error.message, { ...error.details, observedAt }) : error;

/** Waits for the slot. False when the process was stopped meanwhile, so that its request would leave too late. */
async function reach({ waitMs }: Slot, signal: AbortSignal | undefined): Promise<boolean> {
  const dueAt = performance.now() + waitMs;
  if (waitMs >= 1) await sleep(waitMs, undefined, { signal });
  return performance.now() - dueAt <= mostLateMs;
}

export type Gateway = Pick<ReturnType<typeof createGateway>, 'call'>;
