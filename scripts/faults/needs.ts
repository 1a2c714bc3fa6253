import { execFileSync } from 'node:child_process';
import { findFakeTime } from './fake-time.ts';

export type Need = 'mount' | 'faketime' | 'git' | 'openssl';

function works(command: string, ...args: string[]): boolean {
  try {
    execFileSync(command, args, { stdio: 'ignore', timeout: 5_000 });
    return true;
  } catch {
    return false;
  }
}

const checks: Readonly<Record<Need, () => string | null>> = {
  mount: () => {
    if (process.getuid?.() !== 0) return 'only root can mount a file system of limited size';
    return works('unshare', '-m', 'mount', '-t', 'tmpfs', 'tmpfs', '/mnt') ? null : 'mounting is not allowed here';
  },
  faketime: () => (findFakeTime() === undefined ? 'libfaketime is not installed' : null),
  git: () => (works('git', 'log', '-1') ? null : 'there is no history of an older build'),
  openssl: () => (works('openssl', 'version') ? null : 'openssl is not installed'),
};

/** Why this machine cannot strike with such a fault; null when it can. */
export function findObstacle(needs: readonly Need[] = []): string | null {
  for (const need of needs) {
    const obstacle = checks[need]();
    if (obstacle !== null) return obstacle;
  }
  return null;
}
