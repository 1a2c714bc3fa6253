import { setTimeout as sleep } from 'node:timers/promises';
import type { BootstrapStatus } from '../../src/domain/bootstrap-status.ts';
import type { Scene } from './scene.ts';

/** What a viewer of the status page met while a cell ran. */
export interface Watch {
  /** When the API answered 5xx, in epoch milliseconds, and with what. */
  readonly refusals: readonly { readonly at: number; readonly answer: string }[];
  /** Numbers that were smaller than before, as sentences. */
  readonly setbacks: readonly string[];
  stop(): Promise<void>;
}

const pollMs = 200;

/** Looks at the status again and again, as the page does. */
export function startWatch(scene: Scene): Watch {
  const refusals: { at: number; answer: string }[] = [];
  const setbacks: string[] = [];
  const stopping = new AbortController();
  let before: BootstrapStatus | undefined;

  async function look(): Promise<void> {
    const response = await scene.call(`/bootstrap/${scene.workspaceId}/status`).catch(() => null);
    if (response === null) return;
    if (response.status >= 500) {
      refusals.push({ at: Date.now(), answer: `${response.status} ${await response.text()}` });
      return;
    }
    if (!response.ok) return;
    const now = (await response.json()) as BootstrapStatus;
    if (before !== undefined) setbacks.push(...findSetbacks(before, now));
    before = now;
  }

  const looking = (async () => {
    while (!stopping.signal.aborted) {
      if (scene.calls.length > 0) await look();
      await sleep(pollMs, undefined, { signal: stopping.signal }).catch(() => null);
    }
  })();

  return {
    refusals,
    setbacks,
    async stop() {
      stopping.abort();
      await looking;
    },
  };
}

/** Numbers of one run that fell between two looks. */
export function findSetbacks(before: BootstrapStatus, now: BootstrapStatus): string[] {
  if (before.runId !== now.runId) return [];
  const fell = (what: string, was: number, is: number): string[] =>
    is < was ? [`${what} fell from ${was} to ${is}`] : [];
  return [
    ...fell('requests', before.requests, now.requests),
    ...now.entities.flatMap(({ entity, pages, rows }) => {
      const was = before.entities.find((candidate) => candidate.entity === entity);
      if (was === undefined) return [];
      return [...fell(`pages of ${entity}`, was.pages, pages), ...fell(`rows of ${entity}`, was.rows, rows)];
    }),
  ];
}
