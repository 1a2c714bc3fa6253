import { setTimeout as sleep } from 'node:timers/promises';
import { createLifecycleCalls } from './lifecycle-calls.ts';
import type { LifecycleCalls } from './lifecycle-calls.ts';
import type { Random } from './random.ts';
import { createRunReader } from './run-reader.ts';
import type { RunReader, Until } from './run-reader.ts';
import type { Stack } from './stack.ts';

interface SceneOptions {
  readonly stack: Stack;
  readonly workspaceId: string;
  readonly random: Random;
  /** Bars of time are this many times as long. */
  readonly patience: number;
  /** Aborted when the cell is over: whoever still waits for a moment gives up. */
  readonly over: AbortSignal;
}

/** One workspace of its own under one fault. */
export interface Scene extends SceneOptions, LifecycleCalls, RunReader {
  /** One of our routes, as the owner of the workspace. */
  call(path: string, body?: object): Promise<Response>;
  /** Throws after the limit, of a minute without. */
  readonly until: Until;
}

const pollMs = 50;

export function createScene(options: SceneOptions): Scene {
  const { stack, workspaceId, over } = options;

  async function until(holds: () => Promise<boolean> | boolean, limitMs = 60_000): Promise<void> {
    for (const end = Date.now() + limitMs; ; await sleep(pollMs)) {
      if (await holds()) return;
      over.throwIfAborted();
      if (Date.now() > end) throw new Error(`still not so after ${limitMs / 1000} s: ${holds.toString()}`);
    }
  }

  return {
    ...options,
    ...createLifecycleCalls(stack, workspaceId),
    ...createRunReader(stack, workspaceId, until),
    until,
    call(path, body) {
      const { token } = stack.simulator.userToken(workspaceId);
      return fetch(`${stack.baseUrl}${path}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: { 'x-addon-token': token, ...(body !== undefined && { 'content-type': 'application/json' }) },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(15_000),
      });
    },
  };
}
