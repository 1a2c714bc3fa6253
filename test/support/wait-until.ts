import { setTimeout as sleep } from 'node:timers/promises';

/** For what tells nobody when it happens, such as the end of another process's child. */
export async function waitUntil(holds: () => boolean | Promise<boolean>, limitMs = 15_000): Promise<void> {
  for (const until = Date.now() + limitMs; !(await holds()); await sleep(25)) {
    if (Date.now() > until) throw new Error(`still not so after ${limitMs} ms: ${holds.toString()}`);
  }
}
