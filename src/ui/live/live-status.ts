import type { BootstrapStatus } from '../../domain/bootstrap-status.ts';
import type { StatusEvents } from '../../domain/status-events.ts';
import {
  type ConnectionOptions,
  createLiveStream,
  type LiveStream,
  notConnected,
  type StreamState,
} from './live-stream.ts';

export interface LiveState extends StreamState {
  /** The newest status that came, also while the connection is lost; null before the first, and after a denial. */
  readonly status: BootstrapStatus | null;
}

export type LiveStatus = LiveStream<LiveState>;

/** Follows the status of the workspace's run. */
export function createLiveStatus(options: ConnectionOptions): LiveStatus {
  return createLiveStream<LiveState>({
    ...options,
    initial: { ...notConnected, status: null },
    take: ({ type, data }) => (type === 'status' ? { status: JSON.parse(data) as StatusEvents['status'] } : {}),
  });
}
