import { useMemo, useRef, useState } from 'react';
import type { InboxFilter, InboxLine } from '../../domain/inbox.ts';
import { ConnectionNote } from '../bootstrap/connection-note.tsx';
import { RefusalAlert } from '../bootstrap/refusal-alert.tsx';
import { useLive } from '../live/use-live.ts';
import { DeliveryPanel } from './delivery-panel.tsx';
import { InboxFilters } from './inbox-filters.tsx';
import { inboxSentences } from './inbox-words.ts';
import type { Inbox } from './inbox.ts';
import { LineList } from './line-list.tsx';
import { mergeLines } from './merge-lines.ts';
import { useLines } from './queries.ts';
import { type Replayed, ReplayDialog } from './replay-dialog.tsx';
import { usePause } from './use-pause.ts';

interface InboxViewProps {
  readonly inbox: Inbox;
  readonly onObeyed: (effect: string) => void;
}

/** The deliveries that came, as they come, and what became of them. */
export function InboxView({ inbox, onObeyed }: InboxViewProps) {
  const live = useLive(inbox.live);
  const { shown, waiting, isPaused, toggle } = usePause(live);
  const [filter, setFilter] = useState<InboxFilter>({});
  const [chosen, setChosen] = useState<InboxLine | null>(null);
  const [replayed, setReplayed] = useState<Replayed | null>(null);
  const opener = useRef<HTMLElement | null>(null);
  const { data, error, isPending, hasNextPage, fetchNextPage, isFetchingNextPage } = useLines(inbox, filter, shown);

  const lines = useMemo(
    () =>
      mergeLines({ lines: data?.pages.flatMap((page) => page.lines) ?? [], filter, hasMore: hasNextPage }, shown.news),
    [data, filter, hasNextPage, shown.news],
  );
  const open = (line: InboxLine) => {
    opener.current = document.activeElement instanceof HTMLElement ? document.activeElement : null;
    setChosen(line);
  };
  const close = () => {
    setChosen(null);
    opener.current?.focus();
  };

  return (
    <section className="card inbox" aria-labelledby="inbox-title">
      <div className="card-head">
        <div>
          <h2 id="inbox-title">Webhooks that came</h2>
          <p className="muted">Each delivery as Clockify sent it, and what became of it.</p>
        </div>
        <div className="buttons" role="group" aria-label="Deliveries">
          <button type="button" aria-pressed={isPaused} onClick={toggle}>
            {isPaused ? `Resume (${waiting} new)` : 'Pause'}
          </button>
          <button type="button" onClick={() => setReplayed('failed')}>
            Replay all failed
          </button>
        </div>
      </div>
      {live.connection === 'lost' && <ConnectionNote state={live} retry={inbox.live.restart} />}
      <InboxFilters filter={filter} onChange={setFilter} />
      {error !== null && (
        <RefusalAlert error={error} title="The deliveries could not be loaded." sentences={inboxSentences} />
      )}
      {isPending && error === null && <p role="status">Loading deliveries…</p>}
      <div className={chosen === null ? undefined : 'list-and-panel'}>
        {!isPending && error === null && (
          <LineList
            lines={lines}
            isFiltered={Object.keys(filter).length > 0}
            chosenId={chosen?.id ?? null}
            onOpen={open}
            onReplay={setReplayed}
            more={hasNextPage ? { load: () => void fetchNextPage(), isLoading: isFetchingNextPage } : null}
          />
        )}
        {chosen !== null && (
          <DeliveryPanel
            key={chosen.id}
            inbox={inbox}
            line={shown.news.get(chosen.id) ?? lines.find(({ id }) => id === chosen.id) ?? chosen}
            onReplay={setReplayed}
            onClose={close}
          />
        )}
      </div>
      {replayed !== null && (
        <ReplayDialog inbox={inbox} replayed={replayed} onObeyed={onObeyed} onClose={() => setReplayed(null)} />
      )}
    </section>
  );
}
