import { useEffect, useSyncExternalStore } from 'react';
import type { LiveStream, StreamState } from './live-stream.ts';

/** The state of a live stream, followed while the page is looked at: a hidden one holds no connection. */
export function useLive<State extends StreamState>(live: LiveStream<State>): State {
  useEffect(() => {
    const follow = () => (document.hidden ? live.stop() : live.start());
    follow();
    document.addEventListener('visibilitychange', follow);
    return () => {
      document.removeEventListener('visibilitychange', follow);
      live.stop();
    };
  }, [live]);
  return useSyncExternalStore(live.subscribe, live.getState);
}
