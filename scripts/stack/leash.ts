import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import type { Writable } from 'node:stream';

export interface LeashedOptions {
  readonly command: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Standard output and error are appended to this file. */
  readonly logFile: string;
  readonly cwd?: string;
  readonly user?: { readonly uid: number; readonly gid: number } | undefined;
  /** What the process gets when its parent is gone; ten seconds later it is killed. */
  readonly orphanSignal?: 'KILL' | 'QUIT';
  /** A directory that goes with the process. */
  readonly removeAfter?: string | undefined;
}

export interface LeashedProcess {
  readonly pid: number;
  /** Resolves, never rejects, with how the process ended: an exit code or a signal's name. */
  readonly exited: Promise<number | NodeJS.Signals>;
  isRunning(): boolean;
  /** Sends the signal and waits for the end; a process that has not gone after `graceMs` is killed. */
  stop(signal: NodeJS.Signals, graceMs?: number): Promise<void>;
}

// The watcher reads file descriptor 3, which closes when the parent ends, however it ends. It counts its wait, because
// a dead process that nobody reaps (a container without an init) still answers kill -0.
const script = `signal=$1 directory=$2; shift 2
(cat <&3; kill -$signal $$
i=0; while [ $i -lt 100 ] && kill -0 $$; do sleep 0.1; i=$((i+1)); done; kill -KILL $$
[ -z "$directory" ] || rm -rf "$directory") >/dev/null 2>&1 &
exec "$@" 3<&-`;

/**
 * Starts a process that cannot outlive this one, not even when this one is killed with -9.
 * It runs in a session of its own, so Ctrl-C reaches only the parent, which then stops its parts in order.
 */
export async function spawnLeashed(options: LeashedOptions): Promise<LeashedProcess> {
  const output = openSync(options.logFile, 'a');
  const shellArgs = ['sh', options.orphanSignal ?? 'KILL', options.removeAfter ?? '', options.command, ...options.args];
  const child = spawn('/bin/sh', ['-c', script, ...shellArgs], {
    ...options.user,
    ...(options.cwd !== undefined && { cwd: options.cwd }),
    env: options.env,
    detached: true,
    stdio: ['ignore', output, output, 'pipe'],
  });
  closeSync(output);
  const leash = child.stdio[3] as Writable;
  leash.on('error', () => {});
  const exited = new Promise<number | NodeJS.Signals>((resolve) => {
    child.once('exit', (code, signal) => {
      leash.end();
      resolve(signal ?? code ?? 0);
    });
  });
  await once(child, 'spawn');

  const isRunning = (): boolean => child.exitCode === null && child.signalCode === null;
  return {
    pid: child.pid as number,
    exited,
    isRunning,
    async stop(signal, graceMs = 10_000) {
      if (isRunning()) child.kill(signal);
      const killer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await exited;
      clearTimeout(killer);
    },
  };
}
