import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnLeashed } from '../stack/leash.ts';
import type { LeashedProcess } from '../stack/leash.ts';
import type { Launch } from './supervisor.ts';

export interface NodeLaunch {
  readonly root: string;
  /** As npm's scripts start it. */
  readonly entry: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  readonly logFile: string;
  /** The part is up once this answers 200; absent: at once. */
  readonly readyUrl?: string;
}

const startLimitMs = 60_000;
/** A worker finishes the activities in hand before it goes. */
const stopLimitMs = 15_000;

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(5000) })).ok;
  } catch {
    return false;
  }
}

export interface Answer {
  /** For the error. */
  readonly name: string;
  readonly readyUrl: string;
  readonly logFile: string;
}

/** Waits until the address answers 200. Throws when the process ends before, or after a minute. */
export async function waitForAnswer(part: LeashedProcess, { name, readyUrl, logFile }: Answer): Promise<void> {
  for (const until = Date.now() + startLimitMs; !(await answers(readyUrl)); await sleep(50)) {
    if (!part.isRunning()) throw new Error(`${name} does not start, see ${logFile}`);
    if (Date.now() > until) throw new Error(`${name} does not answer at ${readyUrl}, see ${logFile}`);
  }
}

/** A part in a Node process of its own. */
export function launchNode({ root, entry, env, logFile, readyUrl }: NodeLaunch): Launch {
  return async () => {
    const part = await spawnLeashed({ command: process.execPath, args: entry, env, logFile, cwd: root });
    if (readyUrl !== undefined) await waitForAnswer(part, { name: entry.at(-1) ?? '', readyUrl, logFile });
    return { exited: part.exited, stop: () => part.stop('SIGTERM', stopLimitMs) };
  };
}

/** Runs a Node program to its end; throws when it fails. */
export async function runNode(options: Omit<NodeLaunch, 'readyUrl'>): Promise<void> {
  const { root, entry, env, logFile } = options;
  const program = await spawnLeashed({ command: process.execPath, args: entry, env, logFile, cwd: root });
  const how = await program.exited;
  if (how !== 0) throw new Error(`${entry.at(-1)} failed (${how}), see ${logFile}`);
}

export const logFileOf = (logs: string, name: string): string => join(logs, `${name}.log`);
