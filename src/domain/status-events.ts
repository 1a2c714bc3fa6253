import type { BootstrapStatus } from './bootstrap-status.ts';
import type { ErrorCode } from './errors.ts';

/** Why the server ended a stream: as it would refuse the request, or because it is going away itself. */
export type StreamEndCode = ErrorCode | 'server_stopping';

/** The server-sent events of `GET /bootstrap/{workspaceId}/events`: the type of an event, and its data. */
export interface StatusEvents {
  /** Sent when something changed; the event's id is a hash of the content. */
  readonly status: BootstrapStatus;
  /** The last event of a stream. */
  readonly end: { readonly code: StreamEndCode };
}
