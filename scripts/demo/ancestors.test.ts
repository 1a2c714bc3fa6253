import { existsSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { runAndKill } from '../../test/support/doomed-parent.ts';
import { waitUntil } from '../../test/support/wait-until.ts';
import { isAlive } from '../stack/process-state.ts';

const withProc = existsSync('/proc/self/stat') ? test : test.skip;

withProc('kill -9 of npm is noticed behind the shell that npm starts', async () => {
  const module = new URL('ancestors.ts', import.meta.url).href;
  const ours = `
    import { watchAncestors } from ${JSON.stringify(module)};
    watchAncestors(() => process.exit(), 20);
    console.log(JSON.stringify({ pid: process.pid }));
    setInterval(() => {}, 1000);`;
  const { pid } = await runAndKill<{ pid: number }>(`
    import { spawn } from 'node:child_process';
    process.env.npm_lifecycle_event = 'demo';
    process.env.OURS = ${JSON.stringify(ours)};
    spawn('/bin/sh', ['-c', '"$0" --input-type=module -e "$OURS"; true', process.execPath], { stdio: 'inherit' });`);
  await waitUntil(() => !isAlive(pid, ''));
  expect(isAlive(process.pid, '')).toBe(true);
});
