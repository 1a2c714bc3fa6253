import { readFileSync, readdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AddonProcess } from '../addon-process.ts';
import type { Stack } from '../stack.ts';

interface Usage {
  readonly openFiles: number;
  readonly bytes: number;
}

/** By process id. */
export type UsageBook = ReadonlyMap<number, Usage>;

const pageBytes = 4096;
/** A pool of twenty connections may be at its largest, and at its smallest before. */
const spareFiles = 24;
const mebibyte = 1024 * 1024;
/** What a garbage collector leaves lying about for a while. */
const garbageBytes = 64 * mebibyte;
const settleMs = 15_000;

function readUsage(pid: number): Usage | null {
  try {
    const resident = Number(readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]);
    return { openFiles: readdirSync(`/proc/${pid}/fd`).length, bytes: resident * pageBytes };
  } catch {
    return null;
  }
}

const processesOf = ({ apis, workers }: Stack): AddonProcess[] => [...apis, ...workers];

/** Open files and memory of the APIs and workers; empty where there is no /proc. */
export function recordUsage(stack: Stack): UsageBook {
  const pairs = processesOf(stack).map(({ pid }) => [pid, readUsage(pid)] as const);
  return new Map(pairs.filter((pair): pair is readonly [number, Usage] => pair[1] !== null));
}

function findGrowth(stack: Stack, before: UsageBook, spareBytes: number): string[] {
  return processesOf(stack).flatMap(({ name, pid }) => {
    const [was, is] = [before.get(pid), readUsage(pid)];
    if (was === undefined || is === null) return [];
    return [
      ...(is.openFiles > was.openFiles * 1.1 + spareFiles
        ? [`${name}: ${is.openFiles} open files, ${was.openFiles} before`]
        : []),
      ...(is.bytes > was.bytes * 1.1 + spareBytes
        ? [`${name}: ${inMebibytes(is.bytes)} MiB of memory, ${inMebibytes(was.bytes)} before`]
        : []),
    ];
  });
}

const inMebibytes = (bytes: number): number => Math.round(bytes / mebibyte);

/** Processes that lived through it hold about as many files and as much memory as before, or so many mebibytes more. */
export async function judgeUsage(stack: Stack, before: UsageBook, heldMiB = 0): Promise<string[]> {
  for (const end = Date.now() + settleMs; ; await sleep(500)) {
    const growth = findGrowth(stack, before, garbageBytes + heldMiB * mebibyte);
    if (growth.length === 0 || Date.now() > end) return growth;
  }
}
