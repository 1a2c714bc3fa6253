import { useState } from 'react';
import type { InboxLine } from '../../domain/inbox.ts';
import { LineRow } from './line-row.tsx';

interface LineListProps {
  readonly lines: readonly InboxLine[];
  readonly isFiltered: boolean;
  readonly chosenId: string | null;
  readonly onOpen: (line: InboxLine) => void;
  readonly onReplay: (ids: readonly string[]) => void;
  /** Null: there are no older ones. */
  readonly more: { readonly load: () => void; readonly isLoading: boolean } | null;
}

/** The deliveries, newest first, of which some can be replayed together. */
export function LineList({ lines, isFiltered, chosenId, onOpen, onReplay, more }: LineListProps) {
  const [marked, setMarked] = useState<ReadonlySet<string>>(new Set());
  const ids = lines.filter(({ id, state }) => marked.has(id) && state !== 'quarantined').map(({ id }) => id);
  const mark = (id: string, isMarked: boolean) =>
    setMarked(new Set([...marked, id].filter((one) => isMarked || one !== id)));

  if (lines.length === 0) {
    return <p className="empty">{isFiltered ? 'No delivery fits.' : 'No delivery has come so far.'}</p>;
  }
  return (
    <div className="lines">
      {ids.length > 0 && (
        <p className="marked">
          <button type="button" className="primary" onClick={() => onReplay(ids)}>
            Replay {ids.length} selected
          </button>
        </p>
      )}
      <ul aria-label="Deliveries">
        {lines.map((line) => (
          <LineRow
            key={line.id}
            line={line}
            isOpen={line.id === chosenId}
            isMarked={ids.includes(line.id)}
            onOpen={onOpen}
            onMark={mark}
          />
        ))}
      </ul>
      {more !== null && (
        <button type="button" onClick={more.load} disabled={more.isLoading}>
          {more.isLoading ? 'Loading…' : 'Load older'}
        </button>
      )}
    </div>
  );
}
