import { existsSync } from 'node:fs';

/** Of Debian's package libfaketime, and where others put it; first for programs with threads. */
const libraries = ['libfaketimeMT.so.1', 'libfaketime.so.1'].flatMap((name) =>
  [
    '/usr/lib/x86_64-linux-gnu/faketime',
    '/usr/lib/aarch64-linux-gnu/faketime',
    '/usr/lib/faketime',
    '/usr/lib64/faketime',
  ].map((directory) => `${directory}/${name}`),
);

/** The library that makes a process believe in another time; undefined when it is not installed. */
export const findFakeTime = (): string | undefined => libraries.find((path) => existsSync(path));

/** The environment of a process whose wall clock is so many seconds ahead. Timers go on as always. */
export function shiftClock(seconds: number): Readonly<Record<string, string>> {
  const library = findFakeTime();
  if (library === undefined) throw new Error('libfaketime is not installed');
  const offset = seconds < 0 ? String(seconds) : `+${seconds}`;
  return { LD_PRELOAD: library, FAKETIME: `${offset}s`, DONT_FAKE_MONOTONIC: '1', FAKETIME_DONT_FAKE_MONOTONIC: '1' };
}
