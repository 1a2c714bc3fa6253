import { useEffect, useSyncExternalStore } from 'react';
import type { LiveState, LiveStatus } from './live-status.ts';

/** The state of a live status, followed while the page is looked at: a hidden one holds no connection. */
export function useLiveStatus(live: LiveStatus): LiveState {
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
