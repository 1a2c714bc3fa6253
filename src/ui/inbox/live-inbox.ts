import type { InboxEvents, InboxLine } from '../../domain/inbox.ts';
import {
  type ConnectionOptions,
  createLiveStream,
  type LiveStream,
  notConnected,
  type StreamState,
} from '../live/live-stream.ts';

export interface InboxState extends StreamState {
  /** Grows when what is shown must be loaded anew; 0 until the server has spoken. */
  readonly revision: number;
  /** What came and changed since then, by id. */
  readonly news: ReadonlyMap<string, InboxLine>;
}

export type LiveInbox = LiveStream<InboxState>;

/** With more news than that, loading anew costs less than keeping them. */
const mostNews = 1_000;

/** Follows the deliveries of the workspace. */
export function createLiveInbox(options: ConnectionOptions): LiveInbox {
  return createLiveStream<InboxState>({
    ...options,
    initial: { ...notConnected, revision: 0, news: new Map() },
    take({ type, data }, { revision, news }) {
      if (type === 'reload') return { revision: revision + 1, news: new Map() };
      if (type !== 'lines') return {};
      const { lines } = JSON.parse(data) as InboxEvents['lines'];
      const next = new Map([...news, ...lines.map((line) => [line.id, line] as const)]);
      return next.size > mostNews ? { revision: revision + 1, news: new Map() } : { news: next };
    },
  });
}
