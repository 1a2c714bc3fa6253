import type { InstallationRef } from '../domain/contract.ts';
import { noteFetched } from './delivery-round.ts';
import type { OpenDelivery, TargetGroup } from './delivery-round.ts';
import type { Refetched } from './refetch.ts';

interface LastFetch {
  readonly at: number;
  /** Null: it has not ended, or failed. */
  readonly fetched: Refetched | null;
}

/** One target is not fetched more often, however many deliveries name it. */
const shortestPauseMs = 2_000;

export type LastFetches = ReturnType<typeof createLastFetches>;

/** What was fetched a moment ago. `now` is in milliseconds. */
export function createLastFetches(now: () => number = () => performance.now()) {
  const fetches = new Map<string, LastFetch>();
  const nameOf = ({ workspaceId, addonId }: InstallationRef, { key }: TargetGroup): string =>
    `${workspaceId}:${addonId}/${key}`;
  const isRecent = ({ at }: LastFetch): boolean => now() - at < shortestPauseMs;

  function findRecent(ref: InstallationRef, group: TargetGroup): LastFetch | null {
    const last = fetches.get(nameOf(ref, group));
    return last !== undefined && isRecent(last) ? last : null;
  }

  return {
    /** The fetch of a target begins, or has brought something. */
    note(ref: InstallationRef, group: TargetGroup, fetched: Refetched | null): void {
      const name = nameOf(ref, group);
      const at = fetched === null ? now() : (fetches.get(name)?.at ?? now());
      for (const [other, fetch] of fetches) {
        if (isRecent(fetch)) break;
        fetches.delete(other);
      }
      fetches.delete(name);
      fetches.set(name, { at, fetched });
    },

    mayRepeat: (ref: InstallationRef, group: TargetGroup): boolean => findRecent(ref, group) === null,

    /** Takes deliveries from the group that had come before its last fetch was asked for: that has answered them. */
    answer(ref: InstallationRef, { target, deliveries, ...group }: TargetGroup): OpenDelivery[] {
      const fetched = findRecent(ref, { target, deliveries, ...group })?.fetched ?? null;
      if (fetched === null || fetched.began === null) return [];
      const beganMs = Math.floor(Date.parse(fetched.began));
      const answered = deliveries.filter(({ delivery }) => delivery.receivedMs < beganMs);
      for (const open of answered) noteFetched(open, target, fetched);
      deliveries.splice(0, deliveries.length, ...deliveries.filter((open) => !answered.includes(open)));
      return answered;
    },
  };
}
