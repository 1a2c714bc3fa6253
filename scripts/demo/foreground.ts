import { watchAncestors } from './ancestors.ts';
import { takeLock } from './lock.ts';
import { createSupervisor } from './supervisor.ts';
import type { Supervisor } from './supervisor.ts';

export interface WorkTools {
  readonly supervisor: Supervisor;
  /** Aborted when everything is to end. */
  readonly signal: AbortSignal;
}

export interface Foreground {
  readonly lock: string;
  /** As the command line names it, which tells a living holder of the lock from another process under its id. */
  readonly script: string;
  /** True: the parts stay up after the work. */
  readonly stays: boolean;
  readonly log: (line: string) => void;
  /** Resolves to true when all went well. */
  readonly work: (tools: WorkTools) => Promise<boolean>;
}

/** npm passes Ctrl-C on to a process that the terminal has told already: the two are one. */
const sameSignalMs = 1000;

/** Runs work with parts of its own until it is done or the person has enough, stops the parts, and ends the process. */
export async function runInForeground({ lock, script, stays, log, work }: Foreground): Promise<void> {
  const releaseLock = await takeLock(lock, script);
  const supervisor = createSupervisor(log);
  const leaving = new AbortController();
  let leavingSince: number | undefined;
  let outcome = 130;

  const leave = async (code: number): Promise<void> => {
    leavingSince = Date.now();
    leaving.abort();
    await supervisor.stopAll();
    await releaseLock();
    process.exit(code);
  };
  const onSignal = (): void => {
    if (leavingSince === undefined) {
      log('\nStopping');
      void leave(outcome);
    } else if (Date.now() - leavingSince > sameSignalMs) process.exit(130);
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal).on('SIGHUP', onSignal);
  watchAncestors(onSignal);

  try {
    const isGood = await Promise.race([work({ supervisor, signal: leaving.signal }), supervisor.failed]);
    outcome = isGood ? 0 : 1;
    if (!stays) return await leave(outcome);
    log('\nEverything stays up until Ctrl-C');
    await supervisor.failed;
  } catch (error) {
    if (leavingSince !== undefined) return;
    console.error((error as Error).message);
    await leave(1);
  }
}
