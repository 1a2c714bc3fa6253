import { readFileSync } from 'node:fs';

function exists(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/**
 * Whether the process runs and is still the one meant: where /proc tells, its command line must contain `name`.
 * So neither a reused process id nor a dead process that nobody reaped (its command line is empty) counts.
 */
export function isAlive(pid: number, name: string): boolean {
  if (!exists(pid)) return false;
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(name);
  } catch {
    return exists(pid);
  }
}
