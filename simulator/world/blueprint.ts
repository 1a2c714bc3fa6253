import { historyWeeks, mondayOf, timeZones, weekMs, type TimeZone } from './calendar.ts';
import { formatId, parseId, type IdKind, type IdParts } from './identifiers.ts';
import { countsOf, type ProfileCounts } from './profiles.ts';
import { createRandom, mix, type Random } from './random.ts';
import type { ProfileName } from './types.ts';

/** Freshly made rows take their index from here on, out of the way of every row a world starts with. */
export const freshIndex = 0x80000;

/** What everything in a world is drawn from: its sizes, its clock, its ids and its randomness. */
export interface Blueprint {
  readonly profile: ProfileName;
  readonly counts: ProfileCounts;
  readonly workspaceId: string;
  readonly now: number;
  /** Midnight UTC of the Monday with which the history begins. */
  readonly start: number;
  /** A stream of its own for any subject. */
  readonly random: (subject: string, ...path: readonly number[]) => Random;
  /** When the index-th of count things came to be; they spread evenly from the start until now. */
  readonly createdAt: (index: number, count: number) => number;
  /** The id of a row without a parent, or of one below a parent if `parentIndex` is named. */
  readonly id: (kind: IdKind, index: number, place?: { parentIndex?: number; createdAt?: number }) => string;
  readonly parseId: (id: string) => IdParts | undefined;
  readonly zoneOf: (userIndex: number) => TimeZone;
}

const profileNames = Object.keys(countsOf) as ProfileName[];

export function createBlueprint(options: {
  profile: ProfileName;
  seed: number;
  now: Date;
  workspaceId?: string;
}): Blueprint {
  const { profile, seed } = options;
  const counts = countsOf[profile];
  const now = Math.floor(options.now.getTime() / 1000) * 1000;
  const start = mondayOf(now) - historyWeeks * weekMs;
  const mark = mix(seed, profileNames.indexOf(profile), ...textParts(options.workspaceId ?? ''));

  function createdAt(index: number, count: number): number {
    if (index >= freshIndex) return now + (index - freshIndex + 1) * 1000;
    return start + Math.floor((index * (now - start)) / Math.max(count, 1));
  }

  function id(kind: IdKind, index: number, place: { parentIndex?: number; createdAt?: number } = {}): string {
    const count = kind in counts ? counts[kind as keyof ProfileCounts] : 1;
    const parts = { kind, index, parentIndex: place.parentIndex ?? 0 };
    const isFresh = index >= freshIndex;
    return formatId(parts, isFresh ? createdAt(index, count) : (place.createdAt ?? createdAt(index, count)), mark);
  }

  return {
    profile,
    counts,
    now,
    start,
    workspaceId: options.workspaceId ?? id('workspace', 0),
    random: (subject, ...path) => createRandom(mark, ...textParts(subject), ...path),
    createdAt,
    id,
    parseId: (text) => parseId(text, mark),
    zoneOf: (userIndex) => timeZones[userIndex % timeZones.length] ?? timeZones[0],
  };
}

const partsByText = new Map<string, number[]>();

function textParts(text: string): number[] {
  let parts = partsByText.get(text);
  if (parts === undefined) {
    parts = [mix(...Array.from(text, (letter) => letter.codePointAt(0) ?? 0))];
    partsByText.set(text, parts);
  }
  return parts;
}
