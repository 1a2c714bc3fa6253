import { join, resolve } from 'node:path';
import { runInForeground } from '../demo/foreground.ts';
import { mirrorFolder } from '../demo/state.ts';
import { takeApiKey } from './api-key.ts';
import { copyWorkspace } from './copy.ts';
import { parseFlags } from './flags.ts';
import { removeCopy } from './remove.ts';
import { mirrorPaths } from './state.ts';

const root = join(import.meta.dirname, '../..');
const log = (line: string): void => console.log(line);

try {
  const args = process.argv.slice(2);
  const flags = parseFlags(args);
  const key = flags.remove ? undefined : takeApiKey(process.env, args);
  const paths = mirrorPaths(resolve(flags.data ?? join(root, '.data', mirrorFolder)));
  await runInForeground({
    lock: paths.lock,
    script: 'scripts/mirror/main.ts',
    stays: flags.stay && !flags.remove,
    log,
    work: (tools) =>
      key === undefined
        ? removeCopy({ root, paths, workspace: flags.workspace, log, ...tools })
        : copyWorkspace({ root, paths, flags, key, log, ...tools }),
  });
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
