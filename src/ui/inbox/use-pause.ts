import { useState } from 'react';
import type { InboxState } from './live-inbox.ts';

/** Holds what is shown still while it is read: `waiting` is the number of changes that are not shown. */
export function usePause(live: InboxState) {
  const [held, setHeld] = useState<InboxState | null>(null);
  const shown = held === null ? live : { ...live, revision: held.revision, news: held.news };
  return {
    shown,
    waiting: [...live.news.values()].filter((line) => shown.news.get(line.id)?.changedAt !== line.changedAt).length,
    isPaused: held !== null,
    toggle: () => setHeld(held === null ? live : null),
  };
}
