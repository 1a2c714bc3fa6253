import { readFileSync } from 'node:fs';
import { isAlive } from '../stack/process-state.ts';

function parentOf(pid: number): number | undefined {
  try {
    // The second field is the program's name in brackets, which may contain anything.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return Number(fields[1]);
  } catch {
    return undefined;
  }
}

/**
 * Calls back once when npm, which started us through a shell, is gone: kill -9 of npm tells neither the shell nor us.
 * Does nothing where /proc is missing or npm did not start us.
 */
export function watchAncestors(onGone: () => void, intervalMs = 500): void {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const npm = parentOf(process.ppid);
  if (npm === undefined || npm <= 1) return;
  const timer = setInterval(() => {
    if (isAlive(npm, '')) return;
    clearInterval(timer);
    onGone();
  }, intervalMs);
  timer.unref();
}
