import { join } from 'node:path';
import { watchAncestors } from './demo/ancestors.ts';
import { parseFlags } from './demo/flags.ts';
import type { DemoFlags } from './demo/flags.ts';
import { takeLock } from './demo/lock.ts';
import { runSession } from './demo/session.ts';
import { demoPaths, resetState } from './demo/state.ts';
import { createSupervisor } from './demo/supervisor.ts';

const root = join(import.meta.dirname, '..');
const paths = demoPaths(join(root, '.data'));
const log = (line: string): void => console.log(line);
/** npm passes Ctrl-C on to a process that the terminal has told already: the two are one. */
const sameSignalMs = 1000;

async function run(flags: DemoFlags): Promise<void> {
  const releaseLock = await takeLock(paths.lock, 'scripts/demo.ts');
  const supervisor = createSupervisor(log);
  const leaving = new AbortController();
  let leavingSince: number | undefined;
  let finished = false;

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
      void leave(finished ? 0 : 130);
    } else if (Date.now() - leavingSince > sameSignalMs) process.exit(130);
  };
  process.on('SIGINT', onSignal).on('SIGTERM', onSignal).on('SIGHUP', onSignal);
  watchAncestors(onSignal);

  try {
    if (flags.reset) await resetState(paths);
    const complete = await Promise.race([
      runSession({ root, paths, flags, supervisor, signal: leaving.signal, log }),
      supervisor.failed,
    ]);
    finished = true;
    if (flags.exit) return await leave(complete ? 0 : 1);
    log('\nEverything stays up until Ctrl-C');
    await supervisor.failed;
  } catch (error) {
    if (leavingSince !== undefined) return;
    console.error((error as Error).message);
    await leave(1);
  }
}

try {
  await run(parseFlags(process.argv.slice(2)));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
