import type { LineChanges } from '../db/inbox-changes.ts';
import type { InstallationRef } from '../domain/contract.ts';
import type { InboxLine } from '../domain/inbox.ts';
import type { Logger } from '../platform/logger.ts';
import { createLookout } from './lookout.ts';
import type { Listener, Lookout, Topic } from './lookout.ts';

/** What a listener is told: lines that are new to him, or that everything must be loaded anew. */
export interface InboxNews {
  /** Where he goes on when he comes back. */
  readonly place: string;
  /** Null: more has changed than is told. */
  readonly lines: readonly InboxLine[] | null;
}

interface InboxListener extends Listener {
  /** False: he is behind, and did not take it. */
  onNews(news: InboxNews): boolean;
  /** From where he wants to go on; null: from now. */
  readonly place: string | null;
}

export interface InboxFeedDeps {
  /** Throws when the installation may not be shown any more. */
  readonly load: (ref: InstallationRef, since: string, limit: number) => Promise<LineChanges>;
  readonly log: Logger;
  readonly everyMs?: number;
  readonly mostListeners?: number;
}

export type InboxFeed = Lookout<InboxListener>;

/** More lines than that in one look are not worth telling one by one. */
const mostLines = 500;
const never = 'infinity';

/** How far a listener is. */
interface Reader {
  /** Null: he was told nothing so far. */
  place: string | null;
  /** What he was told of the time after his place: `changedAt` by id. */
  told: Map<string, string>;
}

/**
 * Tells new and changed deliveries while somebody listens. One look serves all, from the place of the one who is
 * furthest behind. A listener without a place is told to load everything, and from then on what changes.
 */
export function createInboxFeed({ load, log, everyMs = 1_000, mostListeners = 20 }: InboxFeedDeps): InboxFeed {
  const readers = new WeakMap<InboxListener, Reader>();

  async function look({ ref, listeners }: Topic<InboxListener>): Promise<void> {
    const present = [...listeners].map((listener) => ({ listener, reader: readerOf(listener) }));
    const places = present.map(({ reader }) => reader.place ?? never);
    const since = places.reduce((first, place) => (place < first ? place : first), never);
    const changes = await load(ref, since, mostLines + 1);
    for (const { listener, reader } of present) tell(listener, reader, changes);
  }

  function readerOf(listener: InboxListener): Reader {
    const reader = readers.get(listener) ?? { place: listener.place, told: new Map() };
    readers.set(listener, reader);
    return reader;
  }

  return createLookout<InboxListener>({ look, log, everyMs, mostListeners });
}

function tell(listener: InboxListener, reader: Reader, { lines, until }: LineChanges): void {
  const { place, told } = reader;
  const isCut = lines.length > mostLines && place !== null && place <= (lines.at(-1)?.changedAt ?? '');
  const news = place === null || isCut ? null : lines.filter((line) => isNews(line, place, told));
  if (news?.length !== 0 && !listener.onNews({ place: until, lines: news })) return;
  // A transaction that only now began to write may have begun long ago.
  reader.place = place !== null && place > until ? place : until;
  reader.told = new Map(lines.filter((line) => line.changedAt >= until).map(({ id, changedAt }) => [id, changedAt]));
}

/** Texts of one form and of UTC: their order is that of the times. */
const isNews = ({ id, changedAt }: InboxLine, place: string, told: ReadonlyMap<string, string>): boolean =>
  changedAt >= place && told.get(id) !== changedAt;
