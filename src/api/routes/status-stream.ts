import { clockSkew } from '../../domain/token-kind.ts';
import { createEventStream } from '../event-stream.ts';
import type { StatusFeed } from '../status-feed.ts';
import type { WorkspaceRouter } from '../workspace-router.ts';

export interface StatusStreamDeps {
  readonly statusFeed: StatusFeed;
}

/** The longest that a timer of Node can wait. */
const longestTimerMs = 2 ** 31 - 1;

/** The status of the workspace's run as server-sent events, for as long as the viewer's token is good. */
export function addStatusStreamRoute(router: WorkspaceRouter, { statusFeed }: StatusStreamDeps): void {
  router.get('/:workspaceId/events', (ctx) => {
    const { claims } = ctx.state;
    const stream = createEventStream();
    let sentId = ctx.get('last-event-id');
    const stop = statusFeed.listen(claims, {
      onStatus({ id, status }) {
        if (id !== sentId && stream.send({ event: 'status', id, data: status })) sentId = id;
      },
      onEnd: (code) => stream.end({ event: 'end', data: { code } }),
    });
    const expiry = setTimeout(() => {
      stream.end({ event: 'end', data: { code: 'invalid_token' } });
    }, msUntilRefused(claims.exp));
    stream.body.once('close', () => {
      clearTimeout(expiry);
      stop();
    });
    ctx.type = 'text/event-stream';
    // A connection that stays open behind the stream would hold up a server that stops.
    ctx.set({ 'X-Accel-Buffering': 'no', Connection: 'close' });
    ctx.body = stream.body;
  });
}

/** Until a new request with the same token would be refused. */
const msUntilRefused = (exp: number): number =>
  Math.min(Math.max((exp + clockSkew) * 1000 - Date.now(), 0), longestTimerMs);
