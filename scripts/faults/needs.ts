import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';

export type Need = 'mount' | 'faketime' | 'strace' | 'git';

/** Of Debian's package libfaketime, and where others put it. */
const fakeTimeLibraries = [
  '/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1',
  '/usr/lib/aarch64-linux-gnu/faketime/libfaketime.so.1',
  '/usr/lib/faketime/libfaketime.so.1',
  '/usr/lib64/faketime/libfaketime.so.1',
];

export const findFakeTime = (): string | undefined => fakeTimeLibraries.find((path) => existsSync(path));

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
  strace: () => (works('strace', '-V') ? null : 'strace is not installed'),
  git: () => (works('git', '--version') ? null : 'git is not installed'),
};

/** Why this machine cannot strike with such a fault; null when it can. */
export function findObstacle(needs: readonly Need[] = []): string | null {
  for (const need of needs) {
    const obstacle = checks[need]();
    if (obstacle !== null) return obstacle;
  }
  return null;
}
