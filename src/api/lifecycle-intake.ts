import { AddonError } from '../domain/errors.ts';
import type { Logger } from '../platform/logger.ts';
import type { Spool, SpoolEntry } from '../platform/spool.ts';
import type { LifecycleCall } from './lifecycle-call.ts';
import { mayPass } from './storage.ts';

export interface LifecycleIntakeDeps {
  readonly apply: (call: LifecycleCall) => Promise<unknown>;
  /** Resolves when the database answers at all: tells an outage from a call that cannot be stored. */
  readonly ping: () => Promise<unknown>;
  readonly spool: Spool;
  readonly log: Logger;
  readonly onStored: () => void;
  /** Milliseconds after which a silent database counts as away. */
  readonly patienceMs?: number;
}

export type LifecycleIntake = ReturnType<typeof createLifecycleIntake>;

/**
 * Takes lifecycle calls so that none is lost: Clockify is not known to repeat one, and INSTALLED brings the only copy of
 * the token. While the database is away they wait, sealed, in the spool, and are stored in their order afterwards.
 */
export function createLifecycleIntake({ apply, ping, spool, log, onStored, patienceMs = 3_000 }: LifecycleIntakeDeps) {
  let draining: Promise<boolean> | undefined;

  async function keepInSpool(call: LifecycleCall, cause: unknown): Promise<void> {
    try {
      await spool.append(call);
      log.warn({ err: cause, event: call.event, requestId: call.requestId }, 'lifecycle call spooled');
    } catch (error) {
      log.error({ err: error, event: call.event }, 'spool failed');
      throw new AddonError('storage_unavailable', 'The call could not be stored. Please repeat it.');
    }
  }

  /** False when the entry must wait for the database. */
  async function store(entry: SpoolEntry): Promise<boolean> {
    const call = await read(entry);
    if (call === undefined) return true;
    try {
      await apply(call);
      log.info({ event: call.event, requestId: call.requestId }, 'spooled lifecycle call stored');
    } catch (error) {
      if (error instanceof AddonError) {
        log.warn({ code: error.code, event: call.event, requestId: call.requestId }, 'spooled lifecycle call refused');
      } else if (mayPass(error) || (await isAway())) {
        log.warn({ err: error, event: call.event }, 'spooled lifecycle call waits on');
        return false;
      } else {
        log.error({ err: error, event: call.event, entry: entry.id }, 'spooled lifecycle call set aside');
        await spool.setAside(entry.id);
        return true;
      }
    }
    await spool.remove(entry.id);
    return true;
  }

  async function read(entry: SpoolEntry): Promise<LifecycleCall | undefined> {
    try {
      return (await entry.read()) as LifecycleCall;
    } catch (error) {
      log.error({ err: error, entry: entry.id }, 'spooled lifecycle call cannot be opened');
      await spool.setAside(entry.id);
      return undefined;
    }
  }

  const isAway = (): Promise<boolean> =>
    ping().then(
      () => false,
      () => true,
    );

  async function drainOnce(): Promise<boolean> {
    const entries = await spool.entries();
    for (const entry of entries) {
      if (!(await store(entry))) return false;
    }
    if (entries.length > 0) onStored();
    return true;
  }

  /** Stores what waits in the spool, oldest first. False while the database is away. */
  const drain = (): Promise<boolean> => (draining ??= drainOnce().finally(() => (draining = undefined)));

  return {
    drain,

    /** Resolves when the call is durable. Throws what `apply` refuses, and `storage_unavailable` when nothing can keep it. */
    async submit(call: LifecycleCall): Promise<void> {
      try {
        await within(patienceMs, async () => {
          if (!(await drain())) throw new Error('Older calls still wait for the database.');
          await apply(call);
        });
      } catch (error) {
        if (error instanceof AddonError) throw error;
        return keepInSpool(call, error);
      }
      onStored();
    },
  };
}

/** The work goes on after the deadline; what it stores late and what the spool stores again are the same. */
async function within(milliseconds: number, work: () => Promise<void>): Promise<void> {
  const { promise: deadline, reject } = Promise.withResolvers<never>();
  const timer = setTimeout(() => reject(new Error('The database did not answer in time.')), milliseconds);
  try {
    await Promise.race([work(), deadline]);
  } finally {
    clearTimeout(timer);
  }
}
