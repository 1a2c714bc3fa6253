import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';

/**
 * Runs module code in a Node process of its own until it has printed a line of JSON, then kills that process with -9.
 * Returns what was printed. The code must keep its process alive.
 */
export async function runAndKill<T>(code: string): Promise<T> {
  const parent = spawn(process.execPath, ['--input-type=module', '-e', code], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(parent, 'exit');
  try {
    for await (const line of createInterface({ input: parent.stdout })) {
      if (line.startsWith('{')) return JSON.parse(line) as T;
    }
    throw new Error('the process ended without printing JSON');
  } finally {
    parent.kill('SIGKILL');
    await ended;
  }
}
