import { join } from 'node:path';
import { parseFlags } from './demo/flags.ts';
import { runInForeground } from './demo/foreground.ts';
import { runSession } from './demo/session.ts';
import { demoPaths, resetState } from './demo/state.ts';

const root = join(import.meta.dirname, '..');
const paths = demoPaths(join(root, '.data'));
const log = (line: string): void => console.log(line);

try {
  const flags = parseFlags(process.argv.slice(2));
  await runInForeground({
    lock: paths.lock,
    script: 'scripts/demo.ts',
    stays: !flags.exit,
    log,
    async work(tools) {
      if (flags.reset) await resetState(paths);
      return runSession({ root, paths, flags, log, ...tools });
    },
  });
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
