import type { InboxFilter, InboxLine } from '../../domain/inbox.ts';

interface Loaded {
  /** Newest first. */
  readonly lines: readonly InboxLine[];
  readonly filter: InboxFilter;
  /** Older lines that fit were not loaded yet. */
  readonly hasMore: boolean;
}

/** The loaded lines as they are by now: changed ones in their place, new ones in theirs, without what no longer fits. */
export function mergeLines({ lines, filter, hasMore }: Loaded, news: ReadonlyMap<string, InboxLine>): InboxLine[] {
  const known = new Set(lines.map(({ id }) => id));
  const last = lines.at(-1);
  const isShown = (line: InboxLine) => !hasMore || last === undefined || compareLines(line, last) < 0;
  const added = [...news.values()].filter((line) => !known.has(line.id) && isShown(line));
  return [...lines.map((line) => newerOf(line, news.get(line.id))), ...added]
    .filter((line) => fits(line, filter))
    .sort(compareLines);
}

const newerOf = (line: InboxLine, other: InboxLine | undefined): InboxLine =>
  other !== undefined && other.changedAt > line.changedAt ? other : line;

/** Ids are numbers, and times of one form: the later one comes first. */
function compareLines(one: InboxLine, other: InboxLine): number {
  if (one.receivedAt !== other.receivedAt) return one.receivedAt > other.receivedAt ? -1 : 1;
  return Number(other.id) - Number(one.id);
}

function fits({ event, state, receivedAt }: InboxLine, filter: InboxFilter): boolean {
  const at = Date.parse(receivedAt);
  return (
    (filter.event === undefined || filter.event === event) &&
    (filter.state === undefined || filter.state === state) &&
    (filter.from === undefined || at >= Date.parse(filter.from)) &&
    (filter.to === undefined || at < Date.parse(filter.to))
  );
}
